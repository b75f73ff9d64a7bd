"""The account as a person has set it up: stages, users, fields, the two bots, and the demo shop's customers."""

import secrets

from . import leads
from .contacts import with_phone
from .context import Sandbox
from .model import LOST, WON, Account, Choice, Field, Lead, Note, Pipeline, Stage, User
from .model_chats import Bot
from .records import add_event
from .values import MULTITEXT_KINDS
from .world import World

STAGES = (
    "Novo Lead",
    "Em Qualificação",
    "Orçamento Aprovado",
    "Diagnóstico",
    "Orçamento Enviado",
    "Aguardando Aprovação",
    "Aguardando Peças",
    "Em Execução",
    "Pronto p/ Retirada",
)
COLORS = ("#99ccff", "#ffff99", "#ffcc66", "#ffcccc", "#ccff66", "#c1e0ff", "#eb93ff", "#87f2c0", "#98cbff")
USERS = (
    ("Doctor Auto Prime", "dono@doctorautoprime.example", True),
    ("Beatriz Nunes", "beatriz@doctorautoprime.example", False),
    ("Rafael Costa", "rafael@doctorautoprime.example", False),
)
CUSTOMERS = (
    ("João Silva", "5511987654321"),
    ("Maria Souza", "5511912345678"),
    ("Carlos Pereira", "5511998765432"),
    ("Ana Lima", "5511976543210"),
    ("Paulo Rocha", "5511985551234"),
)
FERNANDA = ("Fernanda Alves", "5511966667777")
REPLY_FIELD = "Resposta do assistente"
REPLY_BOT = "Responder pelo campo"
ASK_BOT = "Pergunta ao assistente"
FIRST_CHOICE_ID = 3_000_001


def seed(box: Sandbox) -> None:
    """Fill an account that is new; one that was kept stays as it is."""
    world = box.world
    if world.accounts.rows:
        return
    _account(world)
    for name, email, is_admin in USERS:
        world.users.put(User(world.users.next_id(), name, email, is_admin, world.new_uuid()))
    _pipeline(world)
    _contact_fields(world)
    if not world.settings.empty:
        _bots(world)
    if world.settings.demo:
        _customers(box)
    world.flush()


def _account(world: World) -> None:
    chosen = world.settings
    world.accounts.put(
        Account(
            id=world.accounts.next_id(),
            uuid=world.new_uuid(),
            name="Doctor Auto Prime",
            plan=chosen.plan,
            chats_limit=chosen.chats_limit,
            chats_used=0,
            scopes=list(chosen.scopes),
            bare_messages=chosen.bare_messages,
            leads_from_chats=chosen.leads_from_chats,
            widget_url=chosen.widget_url,
            redirect_uri=chosen.redirect_uri,
            signing_key=secrets.token_hex(32),
            created_at=world.now(),
        )
    )


def _pipeline(world: World) -> None:
    stages = [incoming_stage(world.next_stage_id())]
    for number, (name, color) in enumerate(zip(STAGES, COLORS, strict=True), 1):
        stages.append(Stage(stages[-1].id + 4, name, 10 + 10 * number, color))
    stages += closing_stages()
    world.pipelines.put(Pipeline(world.pipelines.next_id(), "Oficina", 1, is_main=True, stages=stages))


def incoming_stage(stage_id: int) -> Stage:
    return Stage(stage_id, "Incoming leads", 10, "#c1c1c1", is_editable=False, type=1)


def closing_stages() -> list[Stage]:
    """Won and lost, with the same ids in every pipeline."""
    won = Stage(WON, "Closed - won", 10_000, "#CCFF66", is_editable=False)
    return [won, Stage(LOST, "Closed - lost", 11_000, "#D5D8DB", is_editable=False)]


def _contact_fields(world: World) -> None:
    choice_id = FIRST_CHOICE_ID
    for sort, (code, name) in enumerate((("PHONE", "Telefone"), ("EMAIL", "E-mail")), 1):
        choices: list[Choice] = []
        for kind in MULTITEXT_KINDS[code]:
            choices.append(Choice(choice_id, kind, len(choices) + 1, kind))
            choice_id += 2
        field = Field(world.fields.next_id(), "contacts", name, "multitext", sort, code, enums=choices)
        field.is_predefined = True
        world.fields.put(field)


def _bots(world: World) -> None:
    """A person drew the bots, so the field that the first one sends is there: a step names it by its id."""
    field = world.fields.put(Field(world.fields.next_id(), "leads", REPLY_FIELD, "textarea", 501))
    now = world.now()
    world.bots.put(Bot(world.bots.next_id(), REPLY_BOT, "field_reply", field.id, now))
    world.bots.put(Bot(world.bots.next_id(), ASK_BOT, "ask_widget", None, now))


def _customers(box: Sandbox) -> None:
    for name, phone in CUSTOMERS:
        with_phone(box, name, phone)
    _fernanda(box)


def _fernanda(box: Sandbox) -> None:
    """Known to Kommo only: her car is in the lead's name and a note, as the shop's own fields do not exist yet."""
    world = box.world
    contact = with_phone(box, *FERNANDA)
    lead: Lead = leads.new_lead(world, "Fernanda Alves - VW Tiguan MNO2P34", world.owner.id)
    stage = next(s for s in leads.main_pipeline(world).stages if s.name == "Orçamento Aprovado")
    lead.status_id = stage.id
    leads.link_contact(world, lead, contact.id, is_main=True)
    add_event(world, "lead_added", "leads", lead.id, world.owner.id)
    text = "Veículo: VW Tiguan\nPlaca: MNO2P34\nProblema: revisão e troca da correia, orçamento aprovado pela cliente."
    now, owner = world.now(), world.owner.id
    note = Note(world.notes.next_id(), "leads", lead.id, "common", {"text": text}, owner, owner, now, now, owner)
    world.notes.put(note)
    world.notes_of["leads", lead.id].append(note.id)
