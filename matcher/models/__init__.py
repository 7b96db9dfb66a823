"""The rows, by theme. A mapped class is a plain object until a session adds it."""

from matcher.models.audit import AuditEvent, Fence
from matcher.models.base import Base
from matcher.models.between import Block, Hold, Request
from matcher.models.goals import Goal, Milestone, Step
from matcher.models.groups import Coordinator, CrisisLine, Group, GroupTerm, Invitation, PolicyVersion
from matcher.models.mail import Message, Notice
from matcher.models.pairing import Answer, LeftAlone, PairingRun, Place, Proposal
from matcher.models.partnerships import Partner, Partnership
from matcher.models.people import Account, ConsentGiven, Experience, Member
from matcher.models.sign_ins import Counter, Link, RecoveryCode, SignIn

__all__ = [
    "Account",
    "Answer",
    "AuditEvent",
    "Base",
    "Block",
    "ConsentGiven",
    "Coordinator",
    "Counter",
    "CrisisLine",
    "Experience",
    "Fence",
    "Goal",
    "Group",
    "GroupTerm",
    "Hold",
    "Invitation",
    "LeftAlone",
    "Link",
    "Member",
    "Message",
    "Milestone",
    "Notice",
    "PairingRun",
    "Partner",
    "Partnership",
    "Place",
    "PolicyVersion",
    "Proposal",
    "RecoveryCode",
    "Request",
    "SignIn",
    "Step",
]
