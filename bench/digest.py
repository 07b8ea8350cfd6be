"""`make accuracy`, the fourth part: what strangers' answers to the digest are understood as, counted by rows.

Each act that is wanted is done, asked about, or lost in silence. Wrong is an act that nobody wanted, another mark, or
an act without the words that the person must read. See tests/answers/GUIDE.md for the labels and the digest's rows.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bench.train import OWN, SEALED, hands, rows_of, trained
from mailflow.reading import learned
from mailflow.reading.answers.findings import Item, Lines
from mailflow.reading.answers.lines import read_lines
from mailflow.reading.opening.quoting import own_words
from mailflow.reading.opening.signing import without_signature
from mailflow.rules.duties import Review
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Key, State, Submission, Target
from tests.offices import PLAN, SUMMARY, at

_NAMES = {
    "zhangwei": "张伟", "zhangxiaoyan": "张晓燕", "lina": "李娜", "liuqiang": "刘强", "chenxiaoming": "陈晓明",
    "linyutong": "林雨桐", "ouyangxiaoyun": "欧阳小云", "zhaolei": "赵磊", "sunjianhua": "孙建华", "wumin": "吴敏",
    "zhouting": "周婷",
}  # fmt: skip
PEOPLE = tuple(Person(key, name, f"{key}@example.com") for key, name in _NAMES.items())
_DIRECTOR = "王建国"
_HAS_NONE = {"weekly-plan": ("周婷",), "weekly-summary": ("周婷", "吴敏")}
_STRIPPED = str.maketrans("", "", " \t\n,，。.;；:：!！、")


def _items() -> tuple[Item, ...]:
    found = []
    for duty, period in ((PLAN, Period.parse("2026-W48")), (SUMMARY, Period.parse("2026-W47"))):
        for number, person in enumerate(PEOPLE, start=1):
            held = Submission(number, Key(person.id, duty.id, period), "", State.RECEIVED, (at("2026-11-20T10:00"),))
            target = None if person.name in _HAS_NONE[duty.id] else Target(held, 1)
            found.append(Item(number, person, duty, period, target))
    return tuple(found)


ITEMS = _items()


def found_in(row: dict[str, Any]) -> Lines:
    """How an answer of the corpus is understood: its own words without the signature, as of every mail."""
    words = without_signature(own_words(row["body"]).text, (_DIRECTOR,))
    return read_lines(words, ITEMS, PEOPLE, ScoreRules(), VerdictWords(), (_DIRECTOR,))


def acts(found: Lines) -> dict[tuple[int, str], str]:
    """Row and act (A, R, S or a mark) → the words that its person reads."""
    done = {}
    for ruled in found.ruled:
        verdict, score = ruled.decision.verdict, ruled.decision.score
        back = "R" if ruled.item.duty.review is Review.APPROVE else "S"
        act = f"{float(score or 0):g}" if verdict is Verdict.SCORE else "A" if verdict is Verdict.APPROVE else back
        done[ruled.item.number, act] = ruled.decision.comment
    return done


def counted(rows: Iterable[dict[str, Any]], show: str = "") -> Counter[str]:
    """What reading these mails comes to."""
    counts: Counter[str] = Counter()
    for row in rows:
        found = found_in(row)
        done, notes = acts(found), list[str]()
        wanted = {(int(n), str(act).rstrip("?")) for n, mine in row["gold"].items() for act in mine}
        asked = {number for unsettled in found.unsettled for number in unsettled.numbers}
        open_question = any(not unsettled.numbers for unsettled in found.unsettled)
        for number, act in wanted:
            if act == "":
                kind = "asked" if number in asked or open_question else "lost"
                kind = "wrong" if any(n == number for n, a in done if (n, a) not in wanted) else kind
            elif (number, act) in done:
                words = row["has"].get(str(number), "").translate(_STRIPPED)
                told = [words in comment.translate(_STRIPPED) for (n, _), comment in done.items() if n == number]
                kind = "done" if any(told) else "mute"
            else:
                kind = "asked" if number in asked or open_question else "lost"
                counts["sure"] += f"{act}?" in map(str, row["gold"][str(number)])
            counts["wanted"] += act != ""
            counts[kind] += 1
            if kind in ("lost", "mute", "wrong") or (kind == "asked" and act and show == "asked"):
                notes.append(f"{kind} {number}{act}")
        allowed = {(number, act.rstrip("?")) for number, act in wanted if act}
        for number, act in set(done) - allowed:
            if (number, "") not in wanted:
                counts["wrong"] += 1
                notes.append(f"WRONG {number}{act}")
        counts["rows"] += len(wanted)
        if show and notes:
            print(f"--- {row['writer']}{row['id']} {row['kind']}\n{row['body']}\n   {', '.join(sorted(notes))}")
            print("   did", {f"{n}{a}": c for (n, a), c in done.items()})
            print("   asked", [(u.words[:30], u.why.value, u.numbers) for u in found.unsettled[:6]])
    return counts


def _print(name: str, counts: Counter[str]) -> None:
    rows, wanted = counts["rows"], counts["wanted"]
    shares = [counts["wrong"] / rows, counts["mute"] / rows, counts["lost"] / rows, counts["done"] / wanted]
    print(f"{name:14} {rows:7d} " + " ".join(f"{share:7.1%}" for share in shares))


def main() -> None:
    """Print the table; the mails that were read otherwise for `-v`, those asked about as well for `-a`."""
    print("\nanswers of strangers to the digest, by rows:")
    print(f"{'hand':14} {'acts':>7}   wrong    mute    lost    done")
    chosen = [each for each in sys.argv[1:] if not each.startswith("-")]
    show = "asked" if "-a" in sys.argv else "wrong" if "-v" in sys.argv else ""
    total: Counter[str] = Counter()
    everybody = hands()
    for hand in chosen or everybody:
        if hand == OWN or not rows_of(hand, "lines"):
            continue
        if "--fast" in sys.argv:
            counts = counted(rows_of(hand, "lines"), show)
        else:
            with learned.using(trained([other for other in everybody if other != hand])):
                counts = counted(rows_of(hand, "lines"), show)
        total += counts
        _print(hand, counts)
    _print("all", total)
    if not chosen:
        sealed: Counter[str] = Counter()
        for hand in SEALED:
            sealed += counted(rows_of(hand, "lines"))
        _print("sealed", sealed)


if __name__ == "__main__":
    main()
