declare module '*?worker' {
  const WorkerConstructor: new (options?: { name?: string }) => Worker;
  export default WorkerConstructor;
}
declare module 'monaco-editor/features/*';
declare module 'monaco-editor/languages/*';
