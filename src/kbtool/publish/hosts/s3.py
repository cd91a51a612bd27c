"""`s3://bucket/folder?endpoint=`: Amazon S3 and everything that speaks its language."""

import configparser
from collections.abc import Mapping
from pathlib import Path

from kbtool.address import Address, wrong_address
from kbtool.problems import Stop
from kbtool.publish.hosts.objects import CLIENT, NO_RETRIES, ObjectStore, Options, demand_obstore, no_credentials
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Surroundings

_KNOWN = ("endpoint", "region", "profile", "style")
_HINT = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile with keys in ~/.aws/credentials"
_RIGHTS = "s3:ListBucket on the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it"


def open_s3(address: Address, surroundings: Surroundings) -> StoreTarget:
    """Return the target. Raises Stop when the address has no bucket, or when there are no credentials."""
    unknown = [key for key in address.query if key not in _KNOWN]
    if not address.host or unknown:
        why = f'"{unknown[0]}" is not known there; known are {", ".join(_KNOWN)}' if unknown else "it names no bucket"
        raise Stop(wrong_address(f"the target's URL cannot be used: {why}"))
    demand_obstore()
    place = f"s3://{address.host}/{address.prefix}".rstrip("/")
    profile = _profile(address, surroundings)
    credentials = _credentials(surroundings.environment, profile)
    if not credentials:
        raise no_credentials(place, _HINT)
    options: Options = {**credentials, **_where(address, surroundings.environment, profile)}
    from obstore.store import S3Store  # noqa: PLC0415 - an extra

    client = {**CLIENT, "allow_http": str(options.get("endpoint", "")).startswith("http:")}
    prefix = address.prefix.rstrip("/") or None
    store = S3Store(address.host, prefix=prefix, client_options=client, retry_config=NO_RETRIES, **options)  # type: ignore[arg-type]
    return StoreTarget(ObjectStore(store, place, _RIGHTS), surroundings)


def _where(address: Address, environment: Mapping[str, str], profile: Mapping[str, str]) -> Options:
    """Return the endpoint, the region, and whether the bucket's name stands in the host's name."""
    named = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or profile.get("endpoint_url", "")
    endpoint = address.query.get("endpoint", named)
    if endpoint and "://" not in endpoint:
        endpoint = f"https://{endpoint}"
    region = (
        address.query.get("region")
        or environment.get("AWS_REGION")
        or environment.get("AWS_DEFAULT_REGION")
        or profile.get("region")
        or ("auto" if endpoint.endswith(".r2.cloudflarestorage.com") else "us-east-1")
    )
    options: Options = {"region": region}
    if endpoint:
        options["endpoint"] = endpoint
    if address.query.get("style") == "virtual":
        options["virtual_hosted_style_request"] = True
        options["endpoint"] = endpoint.replace("://", f"://{address.host}.", 1) if endpoint else ""
    return {key: value for key, value in options.items() if value}


def _credentials(environment: Mapping[str, str], profile: Mapping[str, str]) -> Options:
    """Return who publishes, from where Amazon's own tools look: the environment, the profile, a role that CI or a container has."""
    if environment.get("AWS_ACCESS_KEY_ID") and environment.get("AWS_SECRET_ACCESS_KEY"):
        keys = {
            "access_key_id": "AWS_ACCESS_KEY_ID",
            "secret_access_key": "AWS_SECRET_ACCESS_KEY",
            "session_token": "AWS_SESSION_TOKEN",
        }
        return {option: environment[name] for option, name in keys.items() if environment.get(name)}
    if profile.get("aws_access_key_id") and profile.get("aws_secret_access_key"):
        names = ("access_key_id", "secret_access_key", "session_token")
        return {name: profile[f"aws_{name}"] for name in names if profile.get(f"aws_{name}")}
    for name in ("container_credentials_relative_uri", "container_credentials_full_uri"):
        if environment.get(f"AWS_{name.upper()}"):
            return {name: environment[f"AWS_{name.upper()}"]}
    if environment.get("AWS_WEB_IDENTITY_TOKEN_FILE") and environment.get("AWS_ROLE_ARN"):
        return {"role_arn": environment["AWS_ROLE_ARN"]}
    return {}


def _profile(address: Address, surroundings: Surroundings) -> Mapping[str, str]:
    """Return a profile of ~/.aws/config and ~/.aws/credentials, the latter first."""
    environment = surroundings.environment
    name = address.query.get("profile") or environment.get("AWS_PROFILE") or "default"
    folder = surroundings.home / ".aws"
    config = Path(environment.get("AWS_CONFIG_FILE") or folder / "config")
    credentials = Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials")
    section = name if name == "default" else f"profile {name}"
    return {**_section(config, section), **_section(credentials, name)}


def _section(file: Path, name: str) -> Mapping[str, str]:
    """Return a section of a file in Amazon's form; a file that is not there, or is none, has none."""
    parser = configparser.ConfigParser(interpolation=None, default_section="no section is a default")
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return {}
    return dict(parser[name]) if parser.has_section(name) else {}
