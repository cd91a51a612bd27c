"""`gs://bucket/folder`: Google Cloud Storage."""

from collections.abc import Mapping
from pathlib import Path

from kbtool.address import Address, wrong_address
from kbtool.problems import Stop
from kbtool.publish.hosts.objects import CLIENT, NO_RETRIES, ObjectStore, Options, demand_obstore, no_credentials
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Surroundings

_HINT = 'set GOOGLE_APPLICATION_CREDENTIALS to a key file, or type "gcloud auth application-default login"'
_RIGHTS = "the role Storage Object User on the bucket"


def open_gcs(address: Address, surroundings: Surroundings) -> StoreTarget:
    """Return the target. Raises Stop when the address has no bucket, or when there are no credentials."""
    unknown = [key for key in address.query if key != "endpoint"]
    if not address.host or unknown:
        why = f'"{unknown[0]}" is not known there; known is endpoint' if unknown else "it names no bucket"
        raise Stop(wrong_address(f"the target's URL cannot be used: {why}"))
    demand_obstore()
    place = f"gs://{address.host}/{address.prefix}".rstrip("/")
    endpoint = address.query.get("endpoint", "")
    credentials = _credentials(surroundings.environment, surroundings.home)
    if not credentials:
        raise no_credentials(place, _HINT)
    from obstore.store import GCSStore  # noqa: PLC0415 - an extra

    options: Options = {**credentials, **({"base_url": endpoint} if endpoint else {})}
    client = {**CLIENT, "allow_http": endpoint.startswith("http:")}
    prefix = address.prefix.rstrip("/") or None
    store = GCSStore(address.host, prefix=prefix, client_options=client, retry_config=NO_RETRIES, **options)  # type: ignore[arg-type]
    return StoreTarget(ObjectStore(store, place, _RIGHTS), surroundings)


def _credentials(environment: Mapping[str, str], home: Path) -> Options:
    """Return who publishes, from where Google's own tools look."""
    if environment.get("GOOGLE_SERVICE_ACCOUNT_KEY"):
        return {"service_account_key": environment["GOOGLE_SERVICE_ACCOUNT_KEY"]}
    if environment.get("CLOUDSDK_AUTH_ACCESS_TOKEN"):
        return {"bearer_token": environment["CLOUDSDK_AUTH_ACCESS_TOKEN"]}
    named = environment.get("GOOGLE_APPLICATION_CREDENTIALS") or environment.get("GOOGLE_SERVICE_ACCOUNT")
    appdata = environment.get("APPDATA")
    folder = Path(environment.get("CLOUDSDK_CONFIG") or (Path(appdata) / "gcloud" if appdata else home / ".config" / "gcloud"))
    file = Path(named) if named else folder / "application_default_credentials.json"
    return {"application_credentials": str(file)} if file.is_file() else {}
