"""GET /account, /users, /leads/pipelines, /leads/loss_reasons: what an account is made of (read only here)."""

from collections.abc import Collection

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from .api_common import KINDS
from .context import Sandbox
from .errors import not_found
from .leads import main_pipeline
from .model import Pipeline, User
from .paging import page_of, query_of
from .shapes import link, pipeline
from .wire import AnyRequest, Doc, empty, hal, strings
from .world import World

DATETIME_SETTINGS = {
    "date_pattern": "d.m.Y H:i",
    "short_date_pattern": "d.m.Y",
    "short_time_pattern": "H:i",
    "date_formant": "d.m.Y",
    "time_format": "H:i:s",
    "timezone": "America/Sao_Paulo",
    "timezone_offset": "-03:00",
}
"""`date_formant` is spelled so in Kommo's documentation."""

ENTITY_NAMES = {
    "leads": {"en": {"singular_form": {"default": "lead"}, "plural_form": {"default": "leads"}, "gender": "f"}}
}

TASK_TYPES = (("1", "FOLLOW_UP", "Follow-up"), ("2", "MEETING", "Reunião"))


@get("/account")
async def show_account(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    world, account = box.world, box.world.account
    with_ = set(strings(query_of(request).get("with")))
    doc: Doc = {
        "id": account.id,
        "name": account.name,
        "subdomain": world.subdomain,
        "created_at": account.created_at,
        "created_by": world.owner.id,
        "updated_at": account.created_at,
        "updated_by": world.owner.id,
        "current_user_id": request.scope["state"]["token"].user_id,
        "country": "BR",
        "currency": "BRL",
        "currency_symbol": "R$",
        "customers_mode": "disabled",
        "is_unsorted_on": main_pipeline(world).is_unsorted_on,
        "is_loss_reason_enabled": True,
        "is_helpbot_enabled": False,
        "is_technical_account": False,
        "contact_name_display_order": 1,
    }
    if "amojo_id" in with_:
        doc["amojo_id"] = account.uuid
    if "uuid" in with_:
        doc["uuid"] = account.uuid
    if "version" in with_:
        doc["version"] = 14
    if "drive_url" in with_:
        doc["drive_url"] = world.base_url
    if "is_api_filter_enabled" in with_:
        doc["is_api_filter_enabled"] = True
    doc["_links"] = link(world, "account")
    embedded = _account_embedded(with_)
    return hal(doc | ({"_embedded": embedded} if embedded else {}))


def _account_embedded(with_: Collection[str]) -> Doc:
    embedded: Doc = {}
    if "amojo_rights" in with_:
        embedded["amojo_rights"] = {"can_direct": True, "can_create_groups": True}
    if "task_types" in with_:
        embedded["task_types"] = [
            {"id": int(i), "name": name, "color": None, "icon_id": None, "code": code} for i, code, name in TASK_TYPES
        ]
    if "users_groups" in with_:
        embedded["users_groups"] = [{"id": 0, "name": "Oficina", "uuid": None}]
    if "entity_names" in with_:
        embedded["entity_names"] = ENTITY_NAMES
    if "datetime_settings" in with_:
        embedded["datetime_settings"] = DATETIME_SETTINGS
    return embedded


def _user(world: World, row: User, with_: Collection[str]) -> Doc:
    """Everybody may read and change everything; only `is_admin` makes a difference here."""
    rights: Doc = {kind: dict.fromkeys(("view", "edit", "add", "delete", "export"), "A") for kind in KINDS}
    rights |= {
        "tasks": {"edit": "A", "delete": "A"},
        "mail_access": True,
        "catalog_access": True,
        "status_rights": None,
        "is_admin": row.is_admin,
        "is_active": row.is_active,
        "is_free": False,
        "group_id": None,
        "role_id": None,
    }
    names = {"id": row.id, "name": row.name, "email": row.email, "lang": "pt", "rights": rights}
    asked: Doc = {"uuid": row.uuid, "amojo_id": row.uuid, "user_rank": None, "phone_number": None}
    names |= {name: value for name, value in asked.items() if name in with_}
    groups: Doc = {key: [] for name, key in (("role", "roles"), ("group", "groups")) if name in with_}
    return names | {"_links": link(world, f"users/{row.id}")} | ({"_embedded": groups} if groups else {})


@get("/users")
async def list_users(request: AnyRequest, box: NamedDependency[Sandbox]) -> Response[object]:
    with_ = set(strings(query_of(request).get("with")))
    return page_of(request, "users", box.world.users.rows.values(), lambda row: _user(box.world, row, with_))


@get("/users/{user_id:int}")
async def show_user(request: AnyRequest, user_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row, with_ = box.world.users.get(user_id), set(strings(query_of(request).get("with")))
    return hal(_user(box.world, row, with_)) if row else empty()


@get("/leads/pipelines")
async def list_pipelines(box: NamedDependency[Sandbox]) -> Response[object]:
    """All of them at once: Kommo does not page pipelines."""
    world = box.world
    docs = [pipeline(world, row) for row in world.pipelines.rows.values()]
    links = link(world, "leads/pipelines")
    return hal({"_total_items": len(docs), "_links": links, "_embedded": {"pipelines": docs}})


@get("/leads/pipelines/{pipeline_id:int}")
async def show_pipeline(pipeline_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.pipelines.get(pipeline_id)
    return hal(pipeline(box.world, row)) if row else empty()


def _statuses(world: World, row: Pipeline) -> list[Doc]:
    embedded = pipeline(world, row)["_embedded"]
    found = embedded["statuses"] if isinstance(embedded, dict) else []
    return list(found)


@get("/leads/pipelines/{pipeline_id:int}/statuses")
async def list_statuses(pipeline_id: FromPath[int], box: NamedDependency[Sandbox]) -> Response[object]:
    row = box.world.pipelines.get(pipeline_id)
    if row is None:
        raise not_found()
    docs = _statuses(box.world, row)
    links = link(box.world, f"leads/pipelines/{pipeline_id}/statuses")
    return hal({"_total_items": len(docs), "_links": links, "_embedded": {"statuses": docs}})


@get("/leads/pipelines/{pipeline_id:int}/statuses/{status_id:int}")
async def show_status(
    pipeline_id: FromPath[int], status_id: FromPath[int], box: NamedDependency[Sandbox]
) -> Response[object]:
    row = box.world.pipelines.get(pipeline_id)
    found = next((doc for doc in _statuses(box.world, row) if doc["id"] == status_id), None) if row else None
    return hal(found) if found else empty()


@get("/leads/loss_reasons")
async def list_loss_reasons() -> Response[object]:
    """The account has none: 204, as for every empty list."""
    return empty()


ROUTES = [
    show_account,
    list_users,
    show_user,
    list_pipelines,
    show_pipeline,
    list_statuses,
    show_status,
    list_loss_reasons,
]
