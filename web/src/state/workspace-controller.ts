// Keeps a component in step with its playground's workspace.
import type { Playground } from './playground.js';
import type { Workspace } from './workspace.js';

/** What a component must have; Lit's elements do. */
interface Host {
  addController(controller: { hostConnected(): void; hostDisconnected(): void }): void;
  requestUpdate(): void;
  readonly playground: Playground;
}

/** A reactive controller: the host renders again when what `pick` returns of the workspace changes. */
export class WorkspaceController {
  private leave: (() => void) | null = null;
  private seen: readonly unknown[] = [];

  constructor(
    private readonly host: Host,
    private readonly pick: (w: Workspace) => readonly unknown[],
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.leave = this.host.playground.subscribe(() => {
      const now = this.pick(this.host.playground.workspace);
      if (now.some((v, i) => v !== this.seen[i])) {
        this.seen = now;
        this.host.requestUpdate();
      }
    });
  }

  hostDisconnected(): void {
    this.leave?.();
    this.leave = null;
  }
}
