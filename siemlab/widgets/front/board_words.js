// What the dashboard says beside the words of Discover.
Object.assign(WORDS, {
  board: ["Dashboard", "ダッシュボード"],
  board_label: ["Dashboard {title}", "ダッシュボード: {title}"],
  board_pattern: ["indexes", "インデックス"],
  board_time: ["from {from} to {to} ({zone})", "{from} から {to} まで（{zone}）"],
  board_all_time: ["all time", "全期間"],
  board_open: ["open", "指定なし"],
  board_only: ["Only these {n}: {title}", "この {n} 件だけ: {title}"],
  board_none: ["nothing here", "該当なし"],
  board_wide: ["Remove the time limit", "期間の指定を外す"],
  board_share: ["{share} of the hits", "ヒットの {share}"],
});
