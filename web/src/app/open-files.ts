// Go files that the reader opens with the app: from the system's file manager (once installed), or dropped on the page.
import { formatFiles, type TextFile } from '../base/txtar.js';

const mostBytes = 1 << 18;
const mostFiles = 50;

interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files: readonly { getFile(): Promise<File> }[] }) => void): void;
}

/** The program that Go files make together; null when there is none among them, or it is too large. */
export async function programOf(files: readonly File[]): Promise<string | null> {
  const go = files.filter(f => /\.(go|txtar)$/.test(f.name)).slice(0, mostFiles);
  if (!go.length || go.reduce((n, f) => n + f.size, 0) > mostBytes) return null;
  const read: TextFile[] = await Promise.all(go.map(async f => ({ name: f.name, text: await f.text() })));
  return read.length === 1 ? read[0]!.text : formatFiles(read);
}

/** Hands each program that is opened to `open`. */
export function openFiles(open: (program: string) => void): void {
  const take = async (files: readonly File[]): Promise<void> => {
    const program = await programOf(files);
    if (program !== null) open(program);
  };
  const { launchQueue } = globalThis as unknown as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(launch => void Promise.all(launch.files.map(f => f.getFile())).then(take));
  const holdsFiles = (e: DragEvent): boolean => e.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', e => holdsFiles(e) && e.preventDefault());
  addEventListener('drop', e => {
    if (!holdsFiles(e)) return;
    e.preventDefault();
    void take([...e.dataTransfer!.files]);
  });
}
