#include "engine/vm/file_system.h"

#include <algorithm>
#include <utility>

namespace escapement::vm {

namespace {

constexpr uint32_t kRoot = 1;
constexpr int kMaxLinks = 40;
constexpr size_t kFirstDescriptor = 3;

std::string_view TakeElement(std::string_view& path) {
  while (path.starts_with("/")) path.remove_prefix(1);
  size_t end = std::min(path.find('/'), path.size());
  std::string_view element = path.substr(0, end);
  path.remove_prefix(end);
  return element;
}

}  // namespace

FileSystem::FileSystem() : nodes_(2), files_(kFirstDescriptor) {
  FileNode& root = nodes_[kRoot];
  root.kind = FileKind::kDirectory;
  root.permissions = 0755;
  root.parent = kRoot;
  uint32_t dev = Make(kRoot, "dev", FileKind::kDirectory, 0755, 0);
  Make(dev, "null", FileKind::kNull, 0666, 0);
  Make(kRoot, "tmp", FileKind::kDirectory, 0777, 0);
  // What the machine knows of networks. The name server's address is one that nobody has (RFC 5737).
  Add("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
  Add("/etc/nsswitch.conf", "hosts: files dns\n");
  Add("/etc/resolv.conf", "nameserver 192.0.2.53\n");
  Add("/proc/sys/net/core/somaxconn", "4096\n");
  Add(kHostNameFile, "localhost\n");
  // What the host has beside these is seen too, but for its devices.
  for (uint32_t id = kRoot; id < nodes_.size(); id++)
    if (nodes_[id].kind == FileKind::kDirectory && id != dev) nodes_[id].host_path = PathOf(id);
}

void FileSystem::Add(const std::string& path, std::string text) {
  uint32_t at = kRoot;
  std::string_view rest = path;
  for (std::string name(TakeElement(rest)); !name.empty();) {
    std::string next(TakeElement(rest));
    uint32_t& child = nodes_[at].children[name];
    uint32_t id = child;
    if (id == 0)
      id = Make(at, name, next.empty() ? FileKind::kFile : FileKind::kDirectory, next.empty() ? 0644 : 0755,
                0);
    if (next.empty()) nodes_[id].bytes = std::make_shared<std::string>(std::move(text));
    at = id;
    name = std::move(next);
  }
}

uint32_t FileSystem::Child(const HostFiles& host, uint32_t directory, const std::string& name) {
  auto known = nodes_[directory].children.find(name);
  if (known != nodes_[directory].children.end()) return known->second;
  if (nodes_[directory].host_path.empty() || nodes_[directory].listed || !host.look) return 0;
  const std::string& base = nodes_[directory].host_path;
  std::string path = base == "/" ? base + name : base + "/" + name;
  HostFile found = host.look(path);
  if (found.kind == FileKind::kMissing) return 0;
  uint32_t id = Make(directory, name, found.kind, found.permissions, found.modified_ns);
  nodes_[id].host_path = path;
  nodes_[id].host_size = found.size;
  nodes_[id].bytes = nullptr;
  return id;
}

std::vector<std::string> FileSystem::Names(const HostFiles& host, uint32_t directory) {
  if (!nodes_[directory].listed && !nodes_[directory].host_path.empty() && host.list) {
    for (const std::string& name : host.list(nodes_[directory].host_path)) Child(host, directory, name);
    nodes_[directory].listed = true;
  }
  std::vector<std::string> names;
  for (const auto& [name, id] : nodes_[directory].children)
    if (id != 0) names.push_back(name);
  return names;
}

const std::string& FileSystem::Bytes(const HostFiles& host, uint32_t id) {
  FileNode& node = nodes_[id];
  if (node.bytes == nullptr)
    node.bytes = std::make_shared<std::string>(
        node.host_path.empty() || !host.load ? std::string() : host.load(node.host_path));
  return *node.bytes;
}

std::string& FileSystem::Writable(const HostFiles& host, uint32_t id) {
  Bytes(host, id);
  FileNode& node = nodes_[id];
  if (node.bytes.use_count() > 1) node.bytes = std::make_shared<std::string>(*node.bytes);
  return *node.bytes;
}

uint64_t FileSystem::SizeOf(uint32_t id) const {
  const FileNode& node = nodes_[id];
  if (node.kind == FileKind::kDirectory) return 4096;
  return node.bytes != nullptr ? node.bytes->size() : node.host_size;
}

uint32_t FileSystem::Walk(const HostFiles& host, std::string_view path, uint32_t from, bool follow_last,
                          int depth, int* error) {
  uint32_t at = path.starts_with("/") ? kRoot : from;
  for (std::string_view element = TakeElement(path); !element.empty(); element = TakeElement(path)) {
    if (nodes_[at].kind != FileKind::kDirectory) {
      *error = kNotDirectory;
      return 0;
    }
    bool last = path.find_first_not_of('/') == std::string_view::npos;
    if (element == ".") continue;
    if (element == "..") {
      at = nodes_[at].parent;
      continue;
    }
    uint32_t next = Child(host, at, std::string(element));
    if (next == 0) {
      *error = kNoEntry;
      return 0;
    }
    bool slash_behind = last && !path.empty();
    if (nodes_[next].kind == FileKind::kLink && (!last || follow_last || slash_behind)) {
      if (depth >= kMaxLinks) {
        *error = kTooManyLinks;
        return 0;
      }
      std::string to = Bytes(host, next);
      next = Walk(host, to, at, true, depth + 1, error);
      if (next == 0) return 0;
    }
    if (slash_behind && nodes_[next].kind != FileKind::kDirectory) {
      *error = kNotDirectory;
      return 0;
    }
    at = next;
  }
  return at;
}

uint32_t FileSystem::Find(const HostFiles& host, std::string_view path, uint32_t from, bool last,
                          int* error) {
  if (path.empty()) {
    *error = kNoEntry;
    return 0;
  }
  return Walk(host, path, from, last, 0, error);
}

uint32_t FileSystem::FindParent(const HostFiles& host, std::string_view path, uint32_t from,
                                std::string* name, int* error) {
  while (path.size() > 1 && path.ends_with("/")) path.remove_suffix(1);
  size_t slash = path.rfind('/');
  *name = std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
  if (name->empty() || *name == "." || *name == "..") {
    *error = path.empty() ? kNoEntry : kExists;
    return 0;
  }
  std::string_view directory = slash == std::string_view::npos ? "."
                               : slash == 0                    ? "/"
                                                               : path.substr(0, slash);
  uint32_t at = Walk(host, directory, from, true, 0, error);
  if (at != 0 && nodes_[at].kind != FileKind::kDirectory) {
    *error = kNotDirectory;
    return 0;
  }
  return at;
}

std::string FileSystem::PathOf(uint32_t id) const {
  if (id == kRoot) return "/";
  std::string path;
  for (; id != kRoot && id != 0; id = nodes_[id].parent) {
    const auto& siblings = nodes_[nodes_[id].parent].children;
    auto found =
        std::find_if(siblings.begin(), siblings.end(), [id](const auto& c) { return c.second == id; });
    path = "/" + (found != siblings.end() ? found->first : std::string("(deleted)")) + path;
  }
  return path;
}

uint32_t FileSystem::Make(uint32_t directory, const std::string& name, FileKind kind, uint32_t permissions,
                          uint64_t now) {
  auto id = static_cast<uint32_t>(nodes_.size());
  FileNode& node = nodes_.emplace_back();
  node.kind = kind;
  node.permissions = permissions;
  node.modified_ns = now;
  node.bytes = std::make_shared<std::string>();
  node.parent = directory;
  nodes_[directory].children[name] = id;
  nodes_[directory].modified_ns = std::max(nodes_[directory].modified_ns, now);
  return id;
}

void FileSystem::Unlink(uint32_t directory, const std::string& name) {
  uint32_t& entry = nodes_[directory].children[name];
  if (entry != 0 && nodes_[entry].links > 0) nodes_[entry].links--;
  entry = 0;
}

void FileSystem::Link(uint32_t directory, const std::string& name, uint32_t id) {
  nodes_[directory].children[name] = id;
  nodes_[id].links++;
  nodes_[id].parent = directory;
}

uint32_t FileSystem::NewPipe() {
  auto id = static_cast<uint32_t>(nodes_.size());
  FileNode& node = nodes_.emplace_back();
  node.kind = FileKind::kPipe;
  node.permissions = 0600;
  node.bytes = std::make_shared<std::string>();
  return id;
}

void FileSystem::BecomePipe(uint32_t id) {
  nodes_[id].kind = FileKind::kPipe;
  nodes_[id].met_reader = nodes_[id].met_writer = false;
}

uint32_t FileSystem::SocketNode() {
  if (socket_node_ == 0) {
    socket_node_ = static_cast<uint32_t>(nodes_.size());
    FileNode& node = nodes_.emplace_back();
    node.kind = FileKind::kSocket;
    node.permissions = 0777;
    node.bytes = std::make_shared<std::string>();
  }
  return socket_node_;
}

int FileSystem::Open(OpenFile file) {
  size_t at = kFirstDescriptor;
  while (at < files_.size() && files_[at].node != 0) ++at;
  if (at == files_.size()) files_.emplace_back();
  if (FileNode& node = nodes_[file.node]; node.kind == FileKind::kPipe) {
    if (file.read) node.readers++, node.met_reader = true;
    if (file.write) node.writers++, node.met_writer = true;
  }
  files_[at] = std::move(file);
  return static_cast<int>(at);
}

OpenFile* FileSystem::Descriptor(uint64_t descriptor) {
  if (descriptor >= files_.size() || files_[descriptor].node == 0) return nullptr;
  return &files_[descriptor];
}

void FileSystem::Close(uint64_t descriptor) {
  OpenFile& file = files_[descriptor];
  if (FileNode& node = nodes_[file.node]; node.kind == FileKind::kPipe) {
    if (file.read) node.readers--;
    if (file.write) node.writers--;
    if (node.parent != 0 && node.readers + node.writers == 0) {
      node.met_reader = node.met_writer = false;
      node.bytes = std::make_shared<std::string>();
    }
  }
  file = {};
}

}  // namespace escapement::vm
