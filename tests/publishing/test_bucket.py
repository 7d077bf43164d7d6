"""Files in a store that speaks S3: moto's server, on this machine."""

import io
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from config import env
from publishing import images, pictures, storage
from publishing.richtext import records

boto3 = pytest.importorskip("boto3", reason="the package django-storages[s3] is not installed")
pytest.importorskip("storages", reason="the package django-storages[s3] is not installed")
PROGRAM = shutil.which("moto_server")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("about files"),
    pytest.mark.skipif(PROGRAM is None, reason="moto_server is not installed"),
    # boto3's own, of Python's dates.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore"),
]


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [PROGRAM, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        assert process.poll() is None
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            break
        time.sleep(0.1)
    boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
        aws_access_key_id="key", aws_secret_access_key="s/ecret",
    ).create_bucket(Bucket="review")  # fmt: skip
    yield port, process
    process.kill()
    process.wait()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    monkeypatch.setenv("S3_URL", f"http://key:s%2Fecret@127.0.0.1:{server[0]}/review")
    settings.S3 = env.bucket()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "publishing.bucket.MediaInBucket"},
    }
    return server[1]


def forget_copies(settings):
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        shutil.rmtree(root, ignore_errors=True)


def test_another_machine_shows_a_picture_until_it_is_withdrawn(bucket, settings, client):
    drawn = io.BytesIO()
    Pillow.new("RGB", (600, 400), "navy").save(drawn, "PNG")
    image = images.add(ContentFile(drawn.getvalue(), "sacrum.png"), title="Sacrum")
    image = records.of("image").get(pk=image.pk)
    address = image.get_absolute_url()
    assert address.startswith("/media/images/"), "no address of the store stands in texts"
    forget_copies(settings)  # as on a machine that has not seen it
    assert Pillow.open(io.BytesIO(b"".join(client.get(address).streaming_content))).width == 600
    here = Path(settings.MEDIA_ROOT, image.file.name)
    kept = here.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda function: function())
        image = pictures.withdraw(image=image)
    here.write_bytes(kept)  # another machine's copy
    assert client.get(address).status_code == 404
    assert not here.exists()
    lies = image.put_away[image.file.name]
    forget_copies(settings)
    with storage.private().open(lies) as file:
        assert file.read() == kept
    with pytest.raises(FileNotFoundError):
        storage.path_of(storage.private(), "nothing/there")


def test_a_backup_finds_all_of_it_and_what_is_restored_is_sent(bucket, settings):
    name = default_storage.save("images/of-one.png", ContentFile(b"one"))
    storage.private().save("pdf/of-one.pdf", ContentFile(b"pdf"))
    forget_copies(settings)
    left = Path(settings.MEDIA_ROOT, "images/deleted-since.png")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    storage.all_at_hand()
    assert Path(settings.MEDIA_ROOT, name).read_bytes() == b"one"
    assert Path(settings.PRIVATE_ROOT, "pdf/of-one.pdf").read_bytes() == b"pdf"
    assert not left.exists()
    left.write_bytes(b"restored")
    assert default_storage.send_all() == 1
    assert default_storage.exists("images/deleted-since.png")


def test_while_the_store_is_away_what_was_read_is_shown(bucket, settings, client):
    name = default_storage.save("images/seen.png", ContentFile(b"seen"))
    bucket.kill()
    bucket.wait()
    assert b"".join(client.get(f"/media/{name}").streaming_content) == b"seen"
    with pytest.raises(OSError, match="does not answer"):
        default_storage.save("images/later.png", ContentFile(b"later"))
    assert not Path(settings.MEDIA_ROOT, "images/later.png").exists()
