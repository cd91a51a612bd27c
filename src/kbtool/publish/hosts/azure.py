"""`az://container/folder?account=`: Azure Blob Storage."""

from collections.abc import Mapping

from kbtool.address import Address, wrong_address
from kbtool.problems import Stop
from kbtool.publish.hosts.objects import CLIENT, NO_RETRIES, ObjectStore, Options, demand_obstore, no_credentials
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Surroundings

_KNOWN = ("account", "endpoint", "login")
_HINT = 'set AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or AZURE_STORAGE_SAS_TOKEN, or type "az login" and add ?login=cli to the URL'
_RIGHTS = "the role Storage Blob Data Contributor on the container"


def open_azure(address: Address, surroundings: Surroundings) -> StoreTarget:
    """Return the target. Raises Stop when the address has no container or no account, or when there are no credentials."""
    unknown = [key for key in address.query if key not in _KNOWN]
    if not address.host or unknown:
        why = f'"{unknown[0]}" is not known there; known are {", ".join(_KNOWN)}' if unknown else "it names no container"
        raise Stop(wrong_address(f"the target's URL cannot be used: {why}"))
    demand_obstore()
    said = _connection(surroundings.environment)
    place = f"az://{address.host}/{address.prefix}".rstrip("/")
    account = (
        address.query.get("account") or said.get("AccountName") or _first(surroundings.environment, "ACCOUNT", "ACCOUNT_NAME")
    )
    if not account:
        raise Stop(wrong_address(f'no account is named for "{place}": add ?account= and its name, or set AZURE_STORAGE_ACCOUNT'))
    credentials = _credentials(surroundings.environment, said, cli=address.query.get("login") == "cli")
    if not credentials:
        raise no_credentials(place, _HINT)
    endpoint = address.query.get("endpoint") or said.get("BlobEndpoint", "")
    options: Options = {"account_name": account, **credentials, **({"endpoint": endpoint} if endpoint else {})}
    from obstore.store import AzureStore  # noqa: PLC0415 - an extra

    client = {**CLIENT, "allow_http": endpoint.startswith("http:")}
    prefix = address.prefix.rstrip("/") or None
    store = AzureStore(address.host, prefix=prefix, client_options=client, retry_config=NO_RETRIES, **options)  # type: ignore[arg-type]
    return StoreTarget(ObjectStore(store, place, _RIGHTS), surroundings)


def _credentials(environment: Mapping[str, str], said: Mapping[str, str], *, cli: bool) -> Options:
    """Return who publishes, from where Azure's own tools look: a key, a signature, an application, or the command line's login."""
    key = said.get("AccountKey") or _first(environment, "KEY", "ACCOUNT_KEY")
    signature = said.get("SharedAccessSignature") or _first(environment, "SAS_TOKEN")
    if key:
        return {"account_key": key}
    if signature:
        return {"sas_key": signature.removeprefix("?")}
    names = ("tenant_id", "client_id", "client_secret", "federated_token_file")
    application = {name: environment[f"AZURE_{name.upper()}"] for name in names if environment.get(f"AZURE_{name.upper()}")}
    if {"tenant_id", "client_id"} <= application.keys() and len(application) > 2:  # noqa: PLR2004 - and one of the proofs
        return application
    return {"use_azure_cli": True} if cli else {}


def _connection(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the parts of a connection string: `AccountName=x;AccountKey=y==;...`."""
    parts = environment.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";")
    return {key.strip(): value for key, _, value in (part.partition("=") for part in parts) if value}


def _first(environment: Mapping[str, str], *names: str) -> str:
    return next((environment[f"AZURE_STORAGE_{name}"] for name in names if environment.get(f"AZURE_STORAGE_{name}")), "")
