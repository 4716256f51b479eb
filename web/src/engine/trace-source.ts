// TraceSource: where pictures and tables get a run's figures from. The live one asks the worker; a snapshot
// answers from what it holds.
import type { AllocationPage, FrameWindow, Overview, Snapshot } from '../protocol/answers.generated.js';
import type { AllocationQuery, FramesQuestion } from '../protocol/questions.js';
import { readTiles, type TileRequest, type Tiles } from '../protocol/tiles.js';

export interface TraceSource {
  overview(): Promise<Overview>;
  tiles(request: TileRequest): Promise<Tiles>;
  allocations(query: AllocationQuery): Promise<AllocationPage>;
  /** The named calls of a stretch of steps; null where they are not known. */
  frames(question: FramesQuestion): Promise<FrameWindow | null>;
}

/** A snapshot that may hold the calls of the whole run too. */
export type KeptRun = Snapshot & { readonly frames?: FrameWindow };

/** A trace that is a file: it answers every window from the tiles it was saved with. */
export class SnapshotTrace implements TraceSource {
  private readonly stored: Tiles;

  constructor(private readonly snapshot: KeptRun) {
    this.stored = readTiles(snapshot.request, Float64Array.from(snapshot.data));
  }

  async overview(): Promise<Overview> {
    return this.snapshot.overview;
  }

  async tiles(request: TileRequest): Promise<Tiles> {
    const from = this.stored;
    const scale = (from.request.end - from.request.begin) / from.request.columns;
    const at = (i: number): number => {
      const x = request.begin + ((i + 0.5) * (request.end - request.begin)) / request.columns;
      return Math.min(from.request.columns - 1, Math.max(0, Math.floor((x - from.request.begin) / scale)));
    };
    const resample = (series: Float64Array): Float64Array =>
      Float64Array.from({ length: request.columns }, (_, i) => series[at(i)]!);
    const heap = from.heap;
    const nothing = new Float64Array(request.columns).fill(-1);
    return {
      request,
      heap: {
        liveMin: resample(heap.liveMin),
        liveMax: resample(heap.liveMax),
        goal: resample(heap.goal),
        mine: resample(heap.mine),
        others: resample(heap.others),
        survived: resample(heap.survived),
        objects: resample(heap.objects),
        freed: resample(heap.freed),
      },
      stacks: new Map(
        request.goroutines.map(id => {
          const s = from.stacks.get(id);
          return [
            id,
            s
              ? { usedMin: resample(s.usedMin), usedMax: resample(s.usedMax), size: resample(s.size) }
              : { usedMin: nothing, usedMax: nothing, size: nothing },
          ] as const;
        }),
      ),
      objects: from.objects?.filter(o => o.at >= request.begin && o.at < request.end) ?? null,
    };
  }

  async allocations(query: AllocationQuery): Promise<AllocationPage> {
    const rows = this.snapshot.allocations.rows.filter(
      a => a.last >= query.begin && a.first < query.end && (!query.mine || a.billedLine > 0),
    );
    const past = Math.max(0, rows.length - query.limit);
    return { rows: rows.slice(0, query.limit), omitted: past + this.snapshot.allocations.omitted };
  }

  async frames(): Promise<FrameWindow | null> {
    return this.snapshot.frames ?? null;
  }
}
