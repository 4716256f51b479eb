#include "engine/stdlib/system_calls.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/stdlib/mapping_calls.h"
#include "engine/stdlib/sockets.h"

namespace escapement::stdlib {

namespace {

using vm::FileKind;
using vm::FileNode;
using vm::FileSystem;
using vm::HostFiles;
using vm::OpenFile;

constexpr uint64_t kStandardStreams = 3;
constexpr int32_t kHere = -100;  // AT_FDCWD
constexpr uint64_t kMaxPath = 4096, kMaxName = 255;
constexpr uint64_t kMaxFile = uint64_t{1} << 31;
// open's flags
constexpr uint64_t kAccessMode = 3, kWriteOnly = 1, kCreate = 0100, kExclusive = 0200, kTruncateFlag = 01000,
                   kAppend = 02000, kNonBlocking = 04000, kDirectoryOnly = 0200000, kNoFollow = 0400000;
constexpr uint64_t kEnxio = 6;
constexpr uint64_t kRemoveDirectory = 0x200, kSymlinkNoFollow = 0x100, kEmptyPath = 0x1000;

FileSystem& Files(Machine& m) {
  return m.state().files;
}
const HostFiles& Host(Machine& m) {
  return m.host().files;
}
uint64_t NowNs(Machine& m) {
  return sched::Now(m.scheduler(), m.world());
}

// Reads the C string at an address; an error when it is none, or none that a file can have.
int PathAt(Machine& m, Address at, std::string* path) {
  path->clear();
  for (size_t element = 0; path->size() < kMaxPath && element <= kMaxName;) {
    if (!Space(m).CanLoad(at + path->size(), 1)) return kEfault;
    char c = static_cast<char>(Space(m).Load<uint8_t>(at + path->size()));
    if (c == 0) return vm::kFileOk;
    element = c == '/' ? 0 : element + 1;
    *path += c;
  }
  return vm::kNameTooLong;
}

// Whether the user, whose every file is, may do with a node what the permissions 4 (read), 2 (write) and 1
// say.
bool May(Machine& m, uint32_t id, uint32_t what) {
  return (Files(m).node(id).permissions >> 6 & what) == what;
}
// New files have the permissions asked for, less those that the process withholds.
uint32_t Granted(Machine& m, uint64_t permissions) {
  return static_cast<uint32_t>(permissions) & 01777 & ~Files(m).withheld;
}

// The directory that a path given with a directory descriptor starts at; 0 with *error.
uint32_t StartOf(Machine& m, uint64_t descriptor, std::string_view path, int* error) {
  if (path.starts_with("/") || static_cast<int32_t>(descriptor) == kHere) return Files(m).directory;
  OpenFile* file = Files(m).Descriptor(descriptor);
  *error = vm::kBadDescriptor;
  return file != nullptr ? file->node : 0;
}

// A path argument on its way to a node, or to the place for a new one.
struct Target {
  uint32_t node = 0, parent = 0;
  std::string name, path;
  int error = 0;
};
Target Look(Machine& m, uint64_t descriptor, Address path, bool follow) {
  Target t;
  if (t.error = PathAt(m, path, &t.path); t.error != vm::kFileOk) return t;
  uint32_t from = StartOf(m, descriptor, t.path, &t.error);
  if (from == 0) return t;
  t.error = 0;
  t.node = Files(m).Find(Host(m), t.path, from, follow, &t.error);
  int error = 0;
  t.parent = Files(m).FindParent(Host(m), t.path, from, &t.name, &error);
  return t;
}

// ---- reading and writing

Outcome ReadInput(Machine& m, Address to, uint64_t size) {
  uint64_t& offset = m.state().stdin_offset;
  std::string& text = m.host().stdin_text;
  if (offset >= text.size() && size != 0 && m.host().more_input) text += m.host().more_input();
  uint64_t count = std::min<uint64_t>(size, text.size() - std::min<uint64_t>(offset, text.size()));
  if (count != 0) {
    if (!Space(m).CanStore(to, count)) return Error(kEfault);
    Space(m).Write(to, text.data() + offset, count);
  }
  offset += count;
  return {count, 0};
}

Outcome ReadPipe(Machine& m, OpenFile& file, Address to, uint64_t size) {
  FileNode& pipe = Files(m).node(file.node);
  if (pipe.bytes->empty()) return pipe.writers == 0 && pipe.met_writer ? Outcome{0, 0} : Error(vm::kTryAgain);
  std::string& bytes = Files(m).Writable(Host(m), file.node);
  uint64_t count = std::min<uint64_t>(size, bytes.size());
  if (!Space(m).CanStore(to, count)) return Error(kEfault);
  Space(m).Write(to, bytes.data(), count);
  bytes.erase(0, count);
  return {count, 0};
}

Outcome ReadAt(Machine& m, OpenFile& file, uint64_t offset, Address to, uint64_t size) {
  PagesToFile(m, file.node);
  const std::string& bytes = Files(m).Bytes(Host(m), file.node);
  uint64_t count = std::min<uint64_t>(size, bytes.size() - std::min<uint64_t>(offset, bytes.size()));
  if (count != 0) {
    if (!Space(m).CanStore(to, count)) return Error(kEfault);
    Space(m).Write(to, bytes.data() + offset, count);
  }
  return {count, 0};
}

Outcome Read(Machine& m, uint64_t descriptor, Address to, uint64_t size) {
  if (descriptor == 0) return ReadInput(m, to, size);
  OpenFile* file = Files(m).Descriptor(descriptor);
  if (file == nullptr || !file->read) return Error(vm::kBadDescriptor);
  switch (Files(m).node(file->node).kind) {
    case FileKind::kDirectory:
      return Error(vm::kIsDirectory);
    case FileKind::kPipe:
      return ReadPipe(m, *file, to, size);
    case FileKind::kNull:
      return {0, 0};
    case FileKind::kSocket:
      return ReadSocket(m, file->socket, to, size);
    default: {
      Outcome outcome = ReadAt(m, *file, file->offset, to, size);
      if (outcome.error == 0) file->offset += outcome.result;
      return outcome;
    }
  }
}

Outcome WriteAt(Machine& m, OpenFile& file, uint64_t offset, Address from, uint64_t size) {
  if (offset + size > kMaxFile || offset + size < offset) return Error(27);  // EFBIG
  std::string& bytes = Files(m).Writable(Host(m), file.node);
  if (bytes.size() < offset + size) bytes.resize(offset + size);
  std::string_view text = m.StringAt(from, size);
  PagesToFile(m, file.node);
  bytes.replace(offset, text.size(), text);
  FileToPages(m, file.node, offset, size);
  Files(m).node(file.node).modified_ns = NowNs(m);
  return {size, 0};
}

Outcome Write(Machine& m, uint64_t descriptor, Address from, uint64_t size) {
  if (size != 0 && !Space(m).CanLoad(from, size)) return Error(kEfault);
  if (descriptor == 1 || descriptor == 2) {
    m.Write(static_cast<int>(descriptor), m.StringAt(from, size));
    return {size, 0};
  }
  OpenFile* file = Files(m).Descriptor(descriptor);
  if (file == nullptr || !file->write) return Error(vm::kBadDescriptor);
  FileNode& node = Files(m).node(file->node);
  if (node.kind == FileKind::kNull) return {size, 0};
  if (node.kind == FileKind::kSocket) return WriteSocket(m, file->socket, from, size);
  if (node.kind == FileKind::kPipe) {
    if (node.readers == 0 && node.met_reader) return Error(vm::kBrokenPipe);
    Files(m).Writable(Host(m), file->node) += m.StringAt(from, size);
    WakePollers(m);
    return {size, 0};
  }
  if (file->append) file->offset = Files(m).SizeOf(file->node);
  Outcome outcome = WriteAt(m, *file, file->offset, from, size);
  if (outcome.error == 0) file->offset += outcome.result;
  return outcome;
}

// pread and pwrite
Outcome AtOffset(Machine& m, bool write, const uint64_t* a) {
  OpenFile* file = Files(m).Descriptor(a[0]);
  if (a[0] < kStandardStreams) return Error(vm::kIllegalSeek);
  if (file == nullptr || !(write ? file->write : file->read)) return Error(vm::kBadDescriptor);
  FileKind kind = Files(m).node(file->node).kind;
  if (kind == FileKind::kPipe || kind == FileKind::kSocket) return Error(vm::kIllegalSeek);
  if (kind == FileKind::kDirectory) return Error(vm::kIsDirectory);
  if (static_cast<int64_t>(a[3]) < 0) return Error(vm::kInvalid);
  if (kind == FileKind::kNull) return {write ? a[2] : 0, 0};
  if (!write) return ReadAt(m, *file, a[3], a[1], a[2]);
  if (a[2] != 0 && !Space(m).CanLoad(a[1], a[2])) return Error(kEfault);
  return WriteAt(m, *file, a[3], a[1], a[2]);
}

Outcome Seek(Machine& m, uint64_t descriptor, int64_t offset, uint64_t whence) {
  if (descriptor < kStandardStreams) return Error(vm::kIllegalSeek);
  OpenFile* file = Files(m).Descriptor(descriptor);
  if (file == nullptr) return Error(vm::kBadDescriptor);
  FileNode& node = Files(m).node(file->node);
  if (node.kind == FileKind::kPipe || node.kind == FileKind::kSocket) return Error(vm::kIllegalSeek);
  int64_t base = whence == 0   ? 0
                 : whence == 1 ? static_cast<int64_t>(file->offset)
                               : static_cast<int64_t>(Files(m).SizeOf(file->node));
  if (whence > 2 || base + offset < 0) return Error(vm::kInvalid);
  file->offset = static_cast<uint64_t>(base + offset);
  if (node.kind == FileKind::kDirectory) file->entries.clear();
  return {file->offset, 0};
}

// ---- what a file is

uint32_t ModeOf(const FileNode& node) {
  static constexpr uint32_t kTypes[] = {0, 0100000, 0040000, 0120000, 0010000, 0020000, 0140000};
  return kTypes[static_cast<size_t>(node.kind)] | node.permissions;
}

// struct stat
Outcome Describe(Machine& m, uint32_t id, Address to) {
  constexpr uint64_t kBytes = 144;
  if (!Space(m).CanStore(to, kBytes)) return Error(kEfault);
  FileNode& node = Files(m).node(id);
  uint64_t size = node.kind == FileKind::kPipe ? 0 : Files(m).SizeOf(id);
  Space(m).Zero(to, kBytes);
  Space(m).Store<uint64_t>(to, 1);                  // st_dev
  Space(m).Store<uint64_t>(to + 8, id);             // st_ino
  Space(m).Store<uint64_t>(to + 16, node.links);    // st_nlink
  Space(m).Store<uint32_t>(to + 24, ModeOf(node));  // st_mode
  Space(m).Store<uint32_t>(to + 28, kUserId);       // st_uid
  Space(m).Store<uint32_t>(to + 32, kUserId);       // st_gid
  Space(m).Store<uint64_t>(to + 48, size);          // st_size
  Space(m).Store<uint64_t>(to + 56, 4096);          // st_blksize
  Space(m).Store<uint64_t>(to + 64, (size + 511) / 512);
  for (uint64_t time = 72; time <= 104; time += 16) {  // st_atim, st_mtim, st_ctim
    Space(m).Store<uint64_t>(to + time, node.modified_ns / 1000000000);
    Space(m).Store<uint64_t>(to + time + 8, node.modified_ns % 1000000000);
  }
  return {0, 0};
}

Outcome DescribeDescriptor(Machine& m, uint64_t descriptor, Address to) {
  if (OpenFile* file = Files(m).Descriptor(descriptor)) return Describe(m, file->node, to);
  if (descriptor >= kStandardStreams) return Error(vm::kBadDescriptor);
  FileNode stream;
  constexpr uint64_t kBytes = 144;
  if (!Space(m).CanStore(to, kBytes)) return Error(kEfault);
  stream.kind = FileKind::kPipe;
  stream.permissions = 0600;
  Space(m).Zero(to, kBytes);
  Space(m).Store<uint64_t>(to + 16, 1);
  Space(m).Store<uint32_t>(to + 24, ModeOf(stream));
  Space(m).Store<uint64_t>(to + 56, 4096);
  return {0, 0};
}

Outcome StatPath(Machine& m, uint64_t descriptor, Address path, Address to, uint64_t flags) {
  if ((flags & kEmptyPath) != 0 && Space(m).CanLoad(path, 1) && Space(m).Load<uint8_t>(path) == 0)
    return DescribeDescriptor(m, descriptor, to);
  Target t = Look(m, descriptor, path, (flags & kSymlinkNoFollow) == 0);
  return t.node != 0 ? Describe(m, t.node, to) : Error(static_cast<uint64_t>(t.error));
}

// struct linux_dirent64, one after the other
Outcome ReadDirectory(Machine& m, uint64_t descriptor, Address to, uint64_t size) {
  OpenFile* file = Files(m).Descriptor(descriptor);
  if (file == nullptr) return Error(vm::kBadDescriptor);
  uint32_t directory = file->node;
  if (Files(m).node(directory).kind != FileKind::kDirectory) return Error(vm::kNotDirectory);
  if (!Space(m).CanStore(to, size)) return Error(kEfault);
  if (file->offset == 0 && file->entries.empty()) file->entries = Files(m).Names(Host(m), directory);
  constexpr uint64_t kHead = 19;
  constexpr uint8_t kTypes[] = {0, 8, 4, 10, 1, 2, 12};
  uint64_t used = 0;
  while (file->offset < file->entries.size()) {
    const std::string& name = file->entries[file->offset];
    uint64_t length = (kHead + name.size() + 1 + 7) & ~uint64_t{7};
    if (used + length > size) break;
    uint32_t id = Files(m).Child(Host(m), directory, name);
    file->offset++;
    if (id == 0) continue;
    Address at = to + used;
    Space(m).Zero(at, length);
    Space(m).Store<uint64_t>(at, id);
    Space(m).Store<uint64_t>(at + 8, file->offset);
    Space(m).Store<uint16_t>(at + 16, static_cast<uint16_t>(length));
    Space(m).Store<uint8_t>(at + 18, kTypes[static_cast<size_t>(Files(m).node(id).kind)]);
    Space(m).Write(at + kHead, name.data(), name.size());
    used += length;
  }
  if (used == 0 && file->offset < file->entries.size()) return Error(vm::kInvalid);
  return {used, 0};
}

// ---- opening and closing

Outcome OpenPath(Machine& m, uint64_t descriptor, Address path, uint64_t flags, uint64_t permissions) {
  Target t = Look(m, descriptor, path, (flags & kNoFollow) == 0 && (flags & kExclusive) == 0);
  bool write = (flags & kAccessMode) != 0;
  if (t.node == 0) {
    bool create = (flags & kCreate) != 0 && t.error == vm::kNoEntry && t.parent != 0;
    if (!create) return Error(static_cast<uint64_t>(t.error));
    if (!May(m, t.parent, 2)) return Error(vm::kNoAccess);
    t.node = Files(m).Make(t.parent, t.name, FileKind::kFile, Granted(m, permissions), NowNs(m));
  } else if ((flags & kCreate) != 0 && (flags & kExclusive) != 0) {
    return Error(vm::kExists);
  } else if (!May(m, t.node, ((flags & kAccessMode) != kWriteOnly ? 4u : 0u) | (write ? 2u : 0u))) {
    return Error(vm::kNoAccess);
  }
  FileNode& node = Files(m).node(t.node);
  if (node.kind == FileKind::kLink) return Error(vm::kTooManyLinks);
  // Model: opening a pipe by its name does not wait for the other end; reading does.
  const bool alone = node.kind == FileKind::kPipe && node.readers == 0 && (flags & kAccessMode) == kWriteOnly;
  if (node.kind == FileKind::kSocket || (alone && (flags & kNonBlocking) != 0)) return Error(kEnxio);
  if (node.kind == FileKind::kDirectory && write) return Error(vm::kIsDirectory);
  if (node.kind != FileKind::kDirectory && (flags & kDirectoryOnly) != 0) return Error(vm::kNotDirectory);
  if (write && (flags & kTruncateFlag) != 0 && node.kind == FileKind::kFile) {
    node.bytes = std::make_shared<std::string>();
    node.modified_ns = NowNs(m);
  }
  OpenFile file;
  file.node = t.node;
  file.read = (flags & kAccessMode) != kWriteOnly;
  file.write = write;
  file.append = (flags & kAppend) != 0;
  file.non_blocking = (flags & kNonBlocking) != 0;
  return {static_cast<uint64_t>(Files(m).Open(std::move(file))), 0};
}

Outcome CloseDescriptor(Machine& m, uint64_t descriptor) {
  if (descriptor < kStandardStreams) return {0, 0};
  OpenFile* file = Files(m).Descriptor(descriptor);
  if (file == nullptr) return Error(vm::kBadDescriptor);
  if (file->socket != 0) m.state().network.Close(file->socket);
  Files(m).Close(descriptor);
  WakePollers(m);
  return {0, 0};
}

Outcome MakePipe(Machine& m, Address to, uint64_t flags) {
  if (!Space(m).CanStore(to, 8)) return Error(kEfault);
  uint32_t pipe = Files(m).NewPipe();
  OpenFile reading, writing;
  reading.node = writing.node = pipe;
  reading.read = writing.write = true;
  reading.non_blocking = writing.non_blocking = (flags & kNonBlocking) != 0;
  Space(m).Store<int32_t>(to, Files(m).Open(std::move(reading)));
  Space(m).Store<int32_t>(to + 4, Files(m).Open(std::move(writing)));
  return {0, 0};
}

Outcome Control(Machine& m, const uint64_t* a) {
  constexpr uint64_t kDuplicate = 0, kGetFlags = 3, kSetFlags = 4, kDuplicateOnExec = 1030;
  OpenFile* file = Files(m).Descriptor(a[0]);
  if (file == nullptr) {
    if (a[0] >= kStandardStreams) return Error(vm::kBadDescriptor);
    if (a[1] == kDuplicate || a[1] == kDuplicateOnExec) return Error(kEnosys);
    return {a[1] == kGetFlags ? uint64_t{2} : 0, 0};
  }
  switch (a[1]) {
    case kDuplicate:
    case kDuplicateOnExec: {
      // Model: a duplicate has an offset of its own.
      OpenFile copy = *file;
      if (copy.socket != 0) m.state().network.Share(copy.socket);
      return {static_cast<uint64_t>(Files(m).Open(std::move(copy))), 0};
    }
    case kGetFlags:
      return {(file->write ? (file->read ? uint64_t{2} : kWriteOnly) : 0) | (file->append ? kAppend : 0) |
                  (file->non_blocking ? kNonBlocking : 0),
              0};
    case kSetFlags:
      file->non_blocking = (a[2] & kNonBlocking) != 0;
      return {0, 0};
    default:
      return {0, 0};
  }
}

// ---- changing the tree

// Makes what is not there yet; the outcome's result is its node.
Outcome MakeEntry(Machine& m, uint64_t descriptor, Address path, uint64_t permissions, FileKind kind) {
  Target t = Look(m, descriptor, path, true);
  if (t.node != 0) return Error(vm::kExists);
  if (t.parent == 0 || t.error != vm::kNoEntry)
    return Error(static_cast<uint64_t>(t.error != 0 ? t.error : vm::kNoEntry));
  if (!May(m, t.parent, 2)) return Error(vm::kNoAccess);
  return {Files(m).Make(t.parent, t.name, kind, Granted(m, permissions), NowNs(m)), 0};
}
Outcome MakeDirectory(Machine& m, uint64_t descriptor, Address path, uint64_t permissions) {
  Outcome made = MakeEntry(m, descriptor, path, permissions, FileKind::kDirectory);
  return made.error != 0 ? made : Outcome{0, 0};
}

// mknod: files and pipes.
Outcome MakeNode(Machine& m, uint64_t descriptor, Address path, uint64_t mode) {
  constexpr uint64_t kType = 0170000, kPlain = 0100000, kFifo = 0010000;
  if ((mode & kType) != 0 && (mode & kType) != kPlain && (mode & kType) != kFifo) return Error(kEperm);
  Outcome made = MakeEntry(m, descriptor, path, mode, FileKind::kFile);
  if (made.error != 0) return made;
  if ((mode & kType) == kFifo) Files(m).BecomePipe(static_cast<uint32_t>(made.result));
  return {0, 0};
}

Outcome Remove(Machine& m, uint64_t descriptor, Address path, bool directory) {
  Target t = Look(m, descriptor, path, false);
  if (t.node == 0) return Error(static_cast<uint64_t>(t.error));
  if (t.parent == 0) return Error(vm::kInvalid);
  if (!May(m, t.parent, 2)) return Error(vm::kNoAccess);
  bool is_directory = Files(m).node(t.node).kind == FileKind::kDirectory;
  if (directory && !is_directory) return Error(vm::kNotDirectory);
  if (!directory && is_directory) return Error(vm::kIsDirectory);
  if (directory && !Files(m).Names(Host(m), t.node).empty()) return Error(vm::kNotEmpty);
  Files(m).Unlink(t.parent, t.name);
  return {0, 0};
}

Outcome Rename(Machine& m, uint64_t from_at, Address from, uint64_t to_at, Address to) {
  Target source = Look(m, from_at, from, false), target = Look(m, to_at, to, false);
  if (source.node == 0) return Error(static_cast<uint64_t>(source.error));
  if (source.parent == 0 || target.parent == 0) return Error(vm::kNoEntry);
  if (source.node == target.node) return {0, 0};
  if (target.node != 0) {
    bool a = Files(m).node(source.node).kind == FileKind::kDirectory;
    bool b = Files(m).node(target.node).kind == FileKind::kDirectory;
    if (b && !a) return Error(vm::kIsDirectory);
    if (a && !b) return Error(vm::kNotDirectory);
    if (b && !Files(m).Names(Host(m), target.node).empty()) return Error(vm::kNotEmpty);
    Files(m).Unlink(target.parent, target.name);
  }
  Files(m).Link(target.parent, target.name, source.node);
  Files(m).Unlink(source.parent, source.name);
  return {0, 0};
}

Outcome MakeLink(Machine& m, Address to, uint64_t descriptor, Address path) {
  std::string text;
  if (int error = PathAt(m, to, &text); error != vm::kFileOk) return Error(static_cast<uint64_t>(error));
  Target t = Look(m, descriptor, path, false);
  if (t.node != 0) return Error(vm::kExists);
  if (t.parent == 0) return Error(static_cast<uint64_t>(t.error));
  uint32_t id = Files(m).Make(t.parent, t.name, FileKind::kLink, 0777, NowNs(m));
  Files(m).Writable(Host(m), id) = text;
  return {0, 0};
}

Outcome HardLink(Machine& m, const uint64_t* a) {
  Target source = Look(m, a[0], a[1], false), target = Look(m, a[2], a[3], false);
  if (source.node == 0) return Error(static_cast<uint64_t>(source.error));
  if (target.node != 0) return Error(vm::kExists);
  if (target.parent == 0) return Error(static_cast<uint64_t>(target.error));
  if (Files(m).node(source.node).kind == FileKind::kDirectory) return Error(kEperm);
  uint32_t parent = Files(m).node(source.node).parent;
  Files(m).Link(target.parent, target.name, source.node);
  Files(m).node(source.node).parent = parent;
  return {0, 0};
}

Outcome ReadLink(Machine& m, uint64_t descriptor, Address path, Address to, uint64_t size) {
  Target t = Look(m, descriptor, path, false);
  // The host's would be the engine itself.
  const bool own = t.path == "/proc/self/exe" && !m.host().arguments.empty();
  if (t.node == 0 && !own) return Error(static_cast<uint64_t>(t.error));
  if (!own && Files(m).node(t.node).kind != FileKind::kLink) return Error(vm::kInvalid);
  const std::string& text = own ? m.host().arguments[0] : Files(m).Bytes(Host(m), t.node);
  uint64_t count = std::min<uint64_t>(size, text.size());
  if (!Space(m).CanStore(to, count)) return Error(kEfault);
  Space(m).Write(to, text.data(), count);
  return {count, 0};
}

Outcome Resize(Machine& m, uint32_t id, uint64_t size) {
  if (size > kMaxFile) return Error(vm::kInvalid);
  if (Files(m).node(id).kind == FileKind::kDirectory) return Error(vm::kIsDirectory);
  PagesToFile(m, id);
  std::string& bytes = Files(m).Writable(Host(m), id);
  const uint64_t shorter = std::min<uint64_t>(size, bytes.size()),
                 longer = std::max<uint64_t>(size, bytes.size());
  bytes.resize(size);
  FileToPages(m, id, shorter, longer - shorter);
  Files(m).node(id).modified_ns = NowNs(m);
  return {0, 0};
}

Outcome SetPermissions(Machine& m, uint32_t id, uint64_t permissions) {
  Files(m).node(id).permissions = permissions & 07777;
  return {0, 0};
}

Outcome SetTimes(Machine& m, uint64_t descriptor, Address path, Address times) {
  Target t = Look(m, descriptor, path, true);
  if (t.node == 0) return Error(static_cast<uint64_t>(t.error));
  if (!Space(m).CanLoad(times, 32)) return Error(kEfault);
  constexpr uint64_t kOmit = 0x3ffffffe;
  uint64_t nanoseconds = Space(m).Load<uint64_t>(times + 24);
  if (nanoseconds != kOmit)
    Files(m).node(t.node).modified_ns = Space(m).Load<uint64_t>(times + 16) * 1000000000 + nanoseconds;
  return {0, 0};
}

Outcome CurrentDirectory(Machine& m, Address to, uint64_t size) {
  std::string path = Files(m).PathOf(Files(m).directory);
  if (size < path.size() + 1) return Error(34);  // ERANGE
  if (!Space(m).CanStore(to, path.size() + 1)) return Error(kEfault);
  Space(m).Write(to, path.c_str(), path.size() + 1);
  return {path.size() + 1, 0};
}

Outcome ChangeDirectory(Machine& m, uint32_t id, int error) {
  if (id == 0) return Error(static_cast<uint64_t>(error));
  if (Files(m).node(id).kind != FileKind::kDirectory) return Error(vm::kNotDirectory);
  Files(m).directory = id;
  return {0, 0};
}

// Calls whose argument is a descriptor and whose work is a node's.
template <typename Work>
Outcome WithNode(Machine& m, uint64_t descriptor, Work work) {
  OpenFile* file = Files(m).Descriptor(descriptor);
  return file != nullptr ? work(file->node) : Error(vm::kBadDescriptor);
}
template <typename Work>
Outcome WithPath(Machine& m, uint64_t descriptor, Address path, Work work) {
  Target t = Look(m, descriptor, path, true);
  return t.node != 0 ? work(t.node) : Error(static_cast<uint64_t>(t.error));
}

constexpr uint64_t kHereDescriptor = static_cast<uint64_t>(static_cast<int64_t>(kHere));

Outcome TreeCall(Machine& m, uint64_t number, const uint64_t* a) {
  auto permit = [&m](uint64_t permissions) {
    return [&m, permissions](uint32_t id) { return SetPermissions(m, id, permissions); };
  };
  auto resize = [&m, a](uint32_t id) { return Resize(m, id, a[1]); };
  auto nothing = [](uint32_t) { return Outcome{0, 0}; };
  switch (number) {
    case kMkdir:
      return MakeDirectory(m, kHereDescriptor, a[0], a[1]);
    case kMkdirat:
      return MakeDirectory(m, a[0], a[1], a[2]);
    case kMknod:
      return MakeNode(m, kHereDescriptor, a[0], a[1]);
    case kMknodat:
      return MakeNode(m, a[0], a[1], a[2]);
    case kRmdir:
    case kUnlink:
      return Remove(m, kHereDescriptor, a[0], number == kRmdir);
    case kUnlinkat:
      return Remove(m, a[0], a[1], (a[2] & kRemoveDirectory) != 0);
    case kRename:
      return Rename(m, kHereDescriptor, a[0], kHereDescriptor, a[1]);
    case kRenameat:
    case kRenameat2:
      return Rename(m, a[0], a[1], a[2], a[3]);
    case kSymlinkat:
      return MakeLink(m, a[0], a[1], a[2]);
    case kLinkat:
      return HardLink(m, a);
    case kReadlink:
      return ReadLink(m, kHereDescriptor, a[0], a[1], a[2]);
    case kReadlinkat:
      return ReadLink(m, a[0], a[1], a[2], a[3]);
    case kTruncate:
      return WithPath(m, kHereDescriptor, a[0], resize);
    case kFtruncate:
      return WithNode(m, a[0], resize);
    case kChmod:
      return WithPath(m, kHereDescriptor, a[0], permit(a[1]));
    case kFchmod:
      return WithNode(m, a[0], permit(a[1]));
    case kFchmodat:
    case kFchmodat2:
      return WithPath(m, a[0], a[1], permit(a[2]));
    case kChown:
      return WithPath(m, kHereDescriptor, a[0], nothing);
    case kFchown:
      return WithNode(m, a[0], nothing);
    case kFchownat:
      return WithPath(m, a[0], a[1], nothing);
    case kFaccessat:
    case kFaccessat2:
      return WithPath(m, a[0], a[1], [&m, a](uint32_t id) {
        return May(m, id, static_cast<uint32_t>(a[2]) & 7) ? Outcome{0, 0} : Error(vm::kNoAccess);
      });
    case kUtimensat:
      return SetTimes(m, a[0], a[1], a[2]);
    default:
      return Error(kEnosys);
  }
}

}  // namespace

Outcome FileCall(Machine& m, uint64_t number, const uint64_t* a) {
  switch (number) {
    case kRead:
      return Read(m, a[0], a[1], a[2]);
    case kWrite:
      return Write(m, a[0], a[1], a[2]);
    case kPread:
    case kPwrite:
      return AtOffset(m, number == kPwrite, a);
    case kLseek:
      return Seek(m, a[0], static_cast<int64_t>(a[1]), a[2]);
    case kOpen:
      return OpenPath(m, kHereDescriptor, a[0], a[1], a[2]);
    case kOpenat:
      return OpenPath(m, a[0], a[1], a[2], a[3]);
    case kClose:
      return CloseDescriptor(m, a[0]);
    case kPipe2:
      return MakePipe(m, a[0], a[1]);
    case kFcntl:
      return Control(m, a);
    case kFstat:
      return DescribeDescriptor(m, a[0], a[1]);
    case kStat:
    case kLstat:
      return StatPath(m, kHereDescriptor, a[0], a[1], number == kLstat ? kSymlinkNoFollow : 0);
    case kNewfstatat:
      return StatPath(m, a[0], a[1], a[2], a[3]);
    case kGetdents64:
      return ReadDirectory(m, a[0], a[1], a[2]);
    case kGetcwd:
      return CurrentDirectory(m, a[0], a[1]);
    case kChdir: {
      Target t = Look(m, kHereDescriptor, a[0], true);
      return ChangeDirectory(m, t.node, t.error);
    }
    case kFchdir:
      return WithNode(m, a[0], [&m](uint32_t id) { return ChangeDirectory(m, id, 0); });
    case kFsync:
    case kFdatasync:
      return a[0] < kStandardStreams ? Error(vm::kInvalid) : WithNode(m, a[0], [](uint32_t) {
        return Outcome{0, 0};
      });
    case kFlock:
      return {0, 0};
    case kUmask:
      return {std::exchange(Files(m).withheld, static_cast<uint32_t>(a[0]) & 0777), 0};
    case kIoctl:
      return Error(kEnotty);
    case kSplice:
      return Error(vm::kInvalid);
    default:
      return TreeCall(m, number, a);
  }
}

}  // namespace escapement::stdlib
