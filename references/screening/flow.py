"""The arithmetic of the PRISMA 2020 flow: what each box must be, and which does not close. No
database here.

Records are identified, some removed before screening; what is not excluded by title and abstract
is sought as a report, what is retrieved is assessed, what is not excluded for one reason is
included. Other methods than databases begin with what is sought.
"""

from dataclasses import asdict, dataclass, field


@dataclass
class Arm:
    """One column. `waiting` and `unread` are not decided yet: they make the diagram provisional."""

    identified: dict[str, int] = field(default_factory=dict)  # by source
    removed: dict[str, int] = field(default_factory=dict)  # duplicate, automation, other
    screened: int = 0
    excluded: int = 0
    waiting: int = 0
    sought: int = 0
    not_retrieved: int = 0
    assessed: int = 0
    unread: int = 0
    refused: dict[str, int] = field(default_factory=dict)  # by reason
    included: int = 0

    @property
    def total(self) -> int:
        return sum(self.identified.values())


@dataclass
class Flow:
    databases: Arm
    others: Arm | None = None
    new_studies: int = 0
    new_reports: int = 0
    previous_studies: int = 0
    previous_reports: int = 0
    total_studies: int = 0
    total_reports: int = 0

    @property
    def variant(self) -> tuple[str, str]:
        """One of the four of PRISMA 2020, by what there is."""
        return (
            "updated" if self.previous_reports or self.previous_studies else "new",
            "databases and others" if self.others else "databases",
        )

    @property
    def is_provisional(self) -> bool:
        return any(arm.waiting or arm.unread for arm in self.arms)

    @property
    def arms(self) -> list[Arm]:
        return [arm for arm in (self.databases, self.others) if arm]


@dataclass(frozen=True)
class Gap:
    """A box that says `found` where the boxes before it leave `expected`."""

    box: str
    expected: int
    found: int


def gaps(flow: Flow) -> list[Gap]:
    """The boxes that do not close; none of them in a flow that may be shown."""
    checks = [*_arm_checks("", flow.databases)]
    if flow.others:
        checks += _arm_checks("others-", flow.others)
    reports = sum(arm.included for arm in flow.arms)
    checks += [
        ("new_reports", reports, flow.new_reports),
        ("new_studies", min(flow.new_studies, flow.new_reports), flow.new_studies),
        ("previous_studies", min(flow.previous_studies, flow.previous_reports),
            flow.previous_studies),
        ("total_reports", flow.previous_reports + flow.new_reports, flow.total_reports),
    ]  # fmt: skip
    # A new report may be of a study that is there already.
    most = flow.previous_studies + flow.new_studies
    checks.append(("total_studies", min(most, flow.total_studies), flow.total_studies))
    return [Gap(box, expected, found) for box, expected, found in checks if expected != found]


def _arm_checks(prefix, arm):
    if not prefix:
        yield "screened", arm.total - sum(arm.removed.values()), arm.screened
        yield "sought", arm.screened - arm.excluded - arm.waiting, arm.sought
    else:
        yield f"{prefix}sought", arm.total, arm.sought
    yield f"{prefix}assessed", arm.sought - arm.not_retrieved, arm.assessed
    left = arm.assessed - arm.unread - sum(arm.refused.values())
    yield f"{prefix}included", left, arm.included


def as_json(flow: Flow) -> dict:
    return asdict(flow)


def from_json(data: dict) -> Flow:
    others = Arm(**data["others"]) if data.get("others") else None
    return Flow(**data | {"databases": Arm(**data["databases"]), "others": others})
