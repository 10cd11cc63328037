"""The acts of the known-good sheet: people, machines, functions, data, and the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from siemlab.baseline.calendar import JST, Change
from siemlab.baseline.company import Baseline
from siemlab.baseline.sheet_words import Section, Words, code

__all__ = ["buckets", "calendar", "exclusions", "functions", "machines", "people"]

_DAYS = (
    ("Monday", "月"),
    ("Tuesday", "火"),
    ("Wednesday", "水"),
    ("Thursday", "木"),
    ("Friday", "金"),
    ("Saturday", "土"),
    ("Sunday", "日"),
)


def people(company: Baseline, words: Words) -> Section:
    """Return the people and how they sign in."""
    say = words.say
    rows: list[tuple[str, ...]] = []
    for person in company.people.values():
        sso = person.kind == "sso"
        mfa = say("by the identity provider", "IdP 側で実施") if sso else words.yes(person.mfa)
        rows.append(
            (
                code(person.session),
                say(person.full_name_en, person.full_name_ja),
                words.field(person, "title"),
                say(person.office.capitalize(), "東京" if person.office == "tokyo" else "大阪"),
                ", ".join(person.accounts),
                "IAM Identity Center" if sso else say("IAM user", "IAM ユーザー"),
                person.permission_set.replace(",", ", "),
                mfa,
            )
        )
    return (
        say("People who use AWS", "AWS を使う社員"),
        say(
            "They work on weekdays from 9:00 to about 19:00 JST, from the offices or over the "
            "VPN; on-call engineers also at night, the support desk on every day. Sessions of IAM "
            "Identity Center bear a mail address, act as `AWSReservedSSO_<permission set>_...`, "
            "and always show MFAUsed `No` in CloudTrail: the identity provider asks for the "
            "second factor. The helpdesk and k-tanabe work in the office only.",
            "平日 9:00〜19:00 頃（JST）に、オフィスまたは VPN から利用します。オンコール担当は"
            "夜間も、サポート窓口は毎日利用します。IAM Identity Center のセッション名は"
            "メールアドレスで、ロールは `AWSReservedSSO_<許可セット>_...` です。二要素認証は "
            "IdP 側で行うため、CloudTrail の MFAUsed は常に `No` になります。ヘルプデスクと "
            "k-tanabe はオフィスからのみ利用します。",
        ),
        (
            say("name in the logs", "ログ上の名前"),
            say("name", "氏名"),
            say("work", "担当"),
            say("office", "拠点"),
            say("accounts", "アカウント"),
            say("signs in by", "サインイン"),
            say("rights", "権限"),
            "MFA",
        ),
        rows,
    )


def machines(company: Baseline, words: Words) -> Section:
    """Return the machine identities: users with keys, and roles that say what they do."""
    say, known = words.say, words.identifiers
    rows: list[tuple[str, ...]] = [
        (
            code(user.name),
            say("IAM user with a key", "IAM ユーザー（キーあり）"),
            user.account,
            words.field(user, "note"),
            code(known.get(user.name), *user.sources),
        )
        for user in company.users.values()
        if user.kind == "machine"
    ]
    rows += [
        (
            code(role.name),
            say("role", "ロール"),
            role.account,
            words.field(role, "note"),
            code(*(trusted for trusted in role.trusted if not trusted.endswith(".com"))),
        )
        for role in company.roles.values()
        if role.note_en
    ]
    return (
        say("Machine identities", "マシン用の ID"),
        say(
            "CI takes three steps: the runner's role takes sz-ci-build-role, which takes "
            "sz-ci-deploy-role in sz-prod; all of it from 203.0.113.141. AWS services "
            "(`AWSServiceRoleFor...`, `AWS Internal`) act in every account.",
            "CI は 3 段階です。ランナーのロールが sz-ci-build-role を、それが sz-prod の "
            "sz-ci-deploy-role を引き受けます（いずれも 203.0.113.141 から）。AWS のサービス"
            "（`AWSServiceRoleFor...`、`AWS Internal`）は全アカウントで動きます。",
        ),
        (
            say("name", "名前"),
            say("kind", "種類"),
            say("account", "アカウント"),
            say("what it does", "用途"),
            say("key, address, or who may take it", "キー・送信元・引き受け元"),
        ),
        rows,
    )


def functions(company: Baseline, words: Words) -> Section:
    """Return the Lambda functions."""
    say = words.say
    return (
        say("Lambda functions", "Lambda 関数"),
        say(
            "Functions inside the network leave by the NAT gateways (203.0.113.130, .131).",
            "VPC 内の関数は NAT ゲートウェイ（203.0.113.130、.131）から外に出ます。",
        ),
        (
            say("function", "関数"),
            say("account", "アカウント"),
            say("role", "ロール"),
            say("purpose", "用途"),
            say("secrets", "シークレット"),
        ),
        [
            (
                code(function.name),
                function.account,
                code(function.role),
                words.field(function, "purpose"),
                code(*function.secrets),
            )
            for function in company.functions.values()
        ],
    )


def buckets(company: Baseline, words: Words) -> Section:
    """Return the buckets and what is logged of them."""
    say = words.say
    versioning = {
        "enabled": say("enabled", "有効"),
        "off": say("off", "無効"),
        "object-lock": say("Object Lock", "オブジェクトロック"),
    }
    return (
        say("Buckets", "バケット"),
        "",
        (
            say("bucket", "バケット"),
            say("account", "アカウント"),
            say("content", "内容"),
            say("S3 data events", "S3 データイベント"),
            say("access log", "アクセスログ"),
            say("versioning", "バージョニング"),
            say("note", "備考"),
        ),
        [
            (
                code(bucket.name),
                bucket.account,
                f"{words.field(bucket, 'content')}: {code(*bucket.prefixes)}",
                words.yes(bucket.data_events),
                words.yes(bucket.access_log),
                versioning[bucket.versioning],
                words.field(bucket, "note"),
            )
            for bucket in company.buckets.values()
        ],
    )


def calendar(company: Baseline, words: Words) -> Section:
    """Return the change calendar and the trips."""
    say = words.say
    return (
        say("Change calendar and trips", "変更カレンダーと出張"),
        "",
        (
            "ID",
            say("when", "日時"),
            say("what", "内容"),
            say("who", "担当"),
            say("where", "場所・送信元"),
        ),
        [
            (
                change.id,
                _when(change, words),
                words.field(change, "what"),
                code(change.who),
                words.field(change, "where"),
            )
            for change in words.calendar(company)
        ],
    )


def _when(change: Change, words: Words) -> str:
    start, end = change.start.astimezone(JST), change.end.astimezone(JST)
    if change.kind == "travel":
        last = (end - timedelta(days=1)).date()
        return words.say(f"{start.date()} to {last}", f"{start.date()} 〜 {last}")
    utc = f"{_clock(change.start)}-{_clock(change.end)}Z"
    jst = f"{_clock(start)}-{_clock(end)} JST"
    if change.weekly:
        english, japanese = _DAYS[change.start.weekday()]
        later = _DAYS[start.weekday()]
        return words.say(
            f"every {english} {utc} ({later[0]} {jst})",
            f"毎週{japanese}曜 {utc}（{later[1]}曜 {jst}）",
        )
    return words.say(
        f"{change.start.date()} {utc} ({jst})", f"{change.start.date()} {utc}（{jst}）"
    )


def _clock(time: datetime) -> str:
    return time.strftime("%H:%M")


def exclusions(company: Baseline, words: Words) -> Section:
    """Return the exclusions that one click makes."""
    say = words.say
    return (
        say("Exclusions in one click", "ワンクリック除外"),
        say(
            "Hotels are not among them: a trip explains some days, not all. 203.0.113.130 is "
            "where ops-01 leaves, and other hosts of zone 1a leave there too.",
            "ホテルの Wi-Fi は含みません（出張で説明がつくのは、その期間だけだからです）。"
            "203.0.113.130 は ops-01 の出口ですが、1a の他のサーバーも同じ出口を使います。",
        ),
        (say("exclusion", "除外"), say("field", "フィールド"), say("values", "値")),
        [
            (say(exclusion.en, exclusion.ja), code(exclusion.field), code(*exclusion.values))
            for exclusion in company.exclusions
        ],
    )
