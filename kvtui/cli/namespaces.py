"""`kvtui ns`: list, create, look up and delete namespaces."""

import argparse
from typing import Final

from kvtui.cli.call import Call, Command, check_writable, confirmed_by_name, on_endpoint
from kvtui.cli.console import Console
from kvtui.cli.exit_status import ExitStatus
from kvtui.cli.options import (
    NAMESPACE_HELP,
    add_arming_option,
    add_endpoint_options,
    add_json_option,
    add_write_options,
)
from kvtui.errors import SettingsError
from kvtui.protocol import name_problem
from kvtui.records import Namespace
from kvtui.session.account import Account
from kvtui.session.client import Client
from kvtui.settings import Settings


def _define_ls(parser: argparse.ArgumentParser) -> None:
    add_json_option(parser)
    add_endpoint_options(parser)


def _ls(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        account = Account(client, settings.bindings)
        for namespace in await account.refresh():
            _put_out(call, account, namespace)
        return ExitStatus.DONE

    return on_endpoint(call, work)


def _define_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="lowercase letters, digits and hyphens")
    parser.add_argument("--wait", action="store_true", help="until it is ready, or failed")
    add_arming_option(parser)
    add_json_option(parser)
    add_endpoint_options(parser)


def _create(call: Call) -> ExitStatus:
    name: str = call.arguments.name
    if problem := name_problem(name):
        raise SettingsError(problem)

    async def work(client: Client, settings: Settings) -> ExitStatus:
        check_writable(call, settings)
        account = Account(client, settings.bindings)
        namespace = await account.create(name)
        call.console.say(f"created {name}: {namespace.status}")
        if call.arguments.wait:
            from kvtui.session.settling import settled

            namespace = await settled(account, namespace)
            call.console.say(f"{name}: {namespace.status}")
        _put_out(call, account, namespace)
        is_well = namespace.is_ready or not namespace.is_settled
        return ExitStatus.DONE if is_well else ExitStatus.NOT_FOUND

    return on_endpoint(call, work)


def _define_get(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    add_json_option(parser)
    add_endpoint_options(parser)


def _get(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        account = Account(client, settings.bindings)
        namespace = await account.resolve(call.arguments.namespace)
        if call.arguments.json:
            _put_out(call, account, namespace)
        else:
            _put_out_details(call.console, account, namespace)
        return ExitStatus.DONE

    return on_endpoint(call, work)


def _define_rm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("namespace", metavar="NAMESPACE", help=NAMESPACE_HELP)
    add_write_options(parser)
    add_json_option(parser)
    add_endpoint_options(parser)


def _rm(call: Call) -> ExitStatus:
    async def work(client: Client, settings: Settings) -> ExitStatus:
        check_writable(call, settings)
        account = Account(client, settings.bindings)
        namespace = await account.resolve(call.arguments.namespace)
        target = f"{namespace.name} ({namespace.id}, {namespace.status}) on {client.host}"
        if call.arguments.dry_run:
            call.console.say(f"would delete {target} with all its keys")
            _put_out(call, account, namespace)
            return ExitStatus.DONE
        question = f"This deletes {target} with all its keys. Type its name to go on:"
        if not confirmed_by_name(call, question, namespace.name):
            call.console.say("nothing was deleted")
            return ExitStatus.NOT_FOUND
        deleting = await account.delete(namespace)
        call.console.say(f"{deleting.name}: {deleting.status}")
        _put_out(call, account, deleting)
        return ExitStatus.DONE

    return on_endpoint(call, work)


def _put_out(call: Call, account: Account, namespace: Namespace) -> None:
    """One line: id and status have a fixed width, so the columns stand without knowing all rows."""
    bindings = [f"@{name}" for name in account.binding_names(namespace)]
    if not call.arguments.json:
        columns = [namespace.id, f"{namespace.status:<16}", namespace.name, *bindings]
        call.console.line("  ".join(columns))
        return
    call.console.record(
        {
            "id": namespace.id,
            "name": namespace.name,
            "status": namespace.status,
            "created_at": namespace.created_at,
            "updated_at": namespace.updated_at,
            "bindings": bindings,
        }
    )


def _put_out_details(console: Console, account: Account, namespace: Namespace) -> None:
    console.line(f"name        {namespace.name}")
    console.line(f"id          {namespace.id}")
    console.line(f"status      {namespace.status}")
    console.line(f"created at  {namespace.created_at}")
    console.line(f"updated at  {namespace.updated_at}")
    for name in account.binding_names(namespace):
        console.line(f"binding     @{name}")


NAMESPACE_COMMANDS: Final = (
    Command("ls", "list the namespaces", _define_ls, _ls),
    Command("create", "create a namespace", _define_create, _create),
    Command("get", "show one namespace", _define_get, _get),
    Command("rm", "delete a namespace and all its keys", _define_rm, _rm),
)
