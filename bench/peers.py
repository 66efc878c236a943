"""
The peers, each used as its own documentation shows, and tuned where that helps it.

A peer is imported when its row runs, by name: it is no dependency of the program, it may be
absent where the harness is tested, and it carries no types.
"""

from __future__ import annotations

import importlib
from itertools import pairwise
from typing import Any
from uuid import UUID

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


class PeerMissing(RuntimeError):
    """A peer is not installed."""


def imported(name: str) -> Any:
    """A module of a peer.

    Raises:
        PeerMissing: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise PeerMissing(f"{error.name} is not installed; `make bench` installs it") from error


class Spiff:
    """
    SpiffWorkflow with one BPMN process of manual tasks in a row, as many as the case has events.

    Kind to it: the process is parsed once, steps carry one small value, no script runs, no
    timer waits. With `spec_apart` the process is not written into each saved workflow, as its
    default converter does, but held in memory: about half the bytes.
    """

    def __init__(self, steps: int, *, spec_apart: bool) -> None:
        parser = imported("SpiffWorkflow.bpmn.parser.BpmnParser").BpmnParser()
        parser.add_bpmn_str(_process(steps).encode())
        self.steps = steps
        self._ready = imported("SpiffWorkflow.util.task").TaskState.READY
        self._workflow = imported("SpiffWorkflow.bpmn.workflow").BpmnWorkflow
        self._spec = parser.get_spec("case")
        self._serializer = self._serializer_for(spec_apart)

    def begin(self) -> str:
        """A workflow of its own, started and saved before its first step."""
        workflow = self._workflow(self._spec)
        workflow.do_engine_steps()
        return self._save(workflow)

    def live(self, saved: str) -> str:
        """Resume once, take all steps, save once."""
        workflow = self._resume(saved)
        for number in range(self.steps):
            self._step(workflow, number)
        return self._save(workflow)

    def live_durably(self, saved: str) -> str:
        """Resume, step and save each step, as a server does that gets the steps one by one."""
        for number in range(self.steps):
            workflow = self._resume(saved)
            self._step(workflow, number)
            saved = self._save(workflow)
        return saved

    def ended(self, saved: str) -> bool:
        """Whether the process of a saved workflow is at its end."""
        return bool(self._resume(saved).completed)

    def _step(self, workflow: Any, number: int) -> None:
        task = workflow.get_next_task(state=self._ready, manual=True)
        task.set_data(event=number)
        task.run()
        workflow.do_engine_steps()

    def _resume(self, saved: str) -> Any:
        return self._serializer.deserialize_json(saved)

    def _save(self, workflow: Any) -> str:
        return str(self._serializer.serialize_json(workflow))

    def _serializer_for(self, spec_apart: bool) -> Any:
        serializer = imported("SpiffWorkflow.bpmn.serializer.workflow").BpmnWorkflowSerializer
        config = dict(imported("SpiffWorkflow.bpmn.serializer.config").DEFAULT_CONFIG)
        if spec_apart:
            config[self._workflow] = _converter_without(self._spec)
        return serializer(serializer.configure(config))


def _converter_without(spec: Any) -> Any:
    """The default converter of a workflow, less the process, which is at hand."""
    default: Any = imported("SpiffWorkflow.bpmn.serializer.default.workflow").WorkflowConverter

    class StateOnly(default):  # type: ignore[misc]
        def from_dict(self, dct: dict[str, Any]) -> Any:
            workflow = self.target_class(spec, {}, deserializing=True)
            workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
            workflow.task_tree = workflow.tasks.get(UUID(dct["root"]))
            self.set_default_attributes(workflow, dct)
            return workflow

    return StateOnly


def _process(steps: int) -> str:
    """A BPMN process: start, manual tasks one after another, end."""
    names = ["start", *(f"step{number}" for number in range(steps)), "end"]
    tasks = "".join(f'<manualTask id="{name}" name="{name}"/>' for name in names[1:-1])
    flows = "".join(
        f'<sequenceFlow id="flow{number}" sourceRef="{a}" targetRef="{b}"/>'
        for number, (a, b) in enumerate(pairwise(names))
    )
    return (
        f'<definitions xmlns="{NAMESPACE}" targetNamespace="bench">'
        f'<process id="case" isExecutable="true"><startEvent id="start"/>{tasks}'
        f'<endEvent id="end"/>{flows}</process></definitions>'
    )
