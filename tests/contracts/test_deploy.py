"""The files in deploy/ say what this program understands, and give away no right it does not need."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from publisher.cli import main

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CLUSTER = DEPLOY / "kubernetes"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "publisher"}
KUSTOMIZATION = yaml.safe_load((CLUSTER / "kustomization.yaml").read_text())
KEPT = [one for name in KUSTOMIZATION["resources"]
        for one in yaml.safe_load_all((CLUSTER / name).read_text())]  # fmt: skip
DEPLOYMENTS = [one for one in KEPT if one["kind"] == "Deployment"]
JOBS = [one for one in KEPT if one["kind"] == "Job"]
POD, SERVICE = (
    yaml.safe_load((CLUSTER / name).read_text())["spec"]["template"]["spec"]
    for name in ("pod.yaml", "service.yaml")
)


def _understood(words):
    """Whether a command line is one of ours, with options that are known."""
    context = main.make_context("publisher", list(words), resilient_parsing=True)
    name, command, rest = main.resolve_command(context, list(words))
    command.make_context(name, rest, parent=context).close()


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_compose_runs_a_command_that_there_is(name):
    _understood(OURS[name]["command"])


@pytest.mark.parametrize("one", [*DEPLOYMENTS, *JOBS], ids=lambda one: one["metadata"]["name"])
def test_a_pod_runs_a_command_that_there_is(one):
    [container] = one["spec"]["template"]["spec"]["containers"]
    for common in (POD, SERVICE):  # they are merged by name
        assert container["name"] == common["containers"][0]["name"]
    _understood(container["args"])
    limits = container["resources"]["limits"]
    assert "memory" in limits


def test_a_deployment_chooses_its_own_pods_and_keeps_one_while_nodes_are_drained():
    kept = {one["metadata"]["name"]: one for one in KEPT if one["kind"] == "PodDisruptionBudget"}
    for deployment in DEPLOYMENTS:
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        assert kept[deployment["metadata"]["name"]]["spec"]["selector"]["matchLabels"] == labels
        assert deployment["spec"]["replicas"] > 1


def test_nothing_runs_as_root_or_may_write_where_it_need_not():
    assert "\nUSER 10001" in DOCKERFILE.split("FROM ")[-1]
    for one in OURS.values():
        assert one["read_only"] and one["cap_drop"] == ["ALL"] and one["user"] != "0"
    assert POD["securityContext"]["runAsNonRoot"]
    for one in [*POD["containers"], *POD["initContainers"], *SERVICE["initContainers"][1:]]:
        least = one["securityContext"]
        assert least["readOnlyRootFilesystem"] and not least["allowPrivilegeEscalation"]
        assert least["capabilities"] == {"drop": ["ALL"]}


def test_the_image_takes_what_the_checkout_has():
    build = DOCKERFILE.split("FROM ")[1]
    taken = [line.split()[1:-1] for line in build.splitlines() if line.startswith("COPY ")]
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    for name in [name for names in taken for name in names]:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


def test_probes_ask_for_what_is_answered_at_the_port_that_the_docs_name():
    [container] = SERVICE["containers"]
    for probe in (container["livenessProbe"], container["readinessProbe"]):
        assert probe["httpGet"]["path"] in ("/livez", "/readyz")
    [port] = container["ports"]
    text = (ROOT / "docs/how-to/several-machines.md").read_text()
    assert f"health = {port['containerPort']}\n" in text


def test_secrets_are_in_no_file():
    for path in [one for one in DEPLOY.rglob("*") if one.is_file()]:
        text = path.read_text()
        assert not re.search(r"kind: Secret", text), path
    example = OURS["worker"]["environment"]
    assert all(value.startswith(("postgresql://publisher:${", "${")) for value in example.values())


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kubernetes_takes_the_manifests_together():
    made = subprocess.run(
        ["kubectl", "kustomize", str(CLUSTER)], capture_output=True, text=True, check=True
    )
    found = [one for one in yaml.safe_load_all(made.stdout) if one["kind"] == "Deployment"]
    assert len(found) == len(DEPLOYMENTS) and len(JOBS) == 1
    for one in found:
        spec = one["spec"]["template"]["spec"]
        assert spec["containers"][0]["args"] and spec["containers"][0]["readinessProbe"]
