// FileSystem: the files that a running program sees, and its descriptors. Everything is in memory;
// a host may stand behind it, whose files are read when first asked for and never changed. It is part of
// the machine's state: a copy is a snapshot (contents are shared until one side writes).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::vm {

enum class FileKind : uint8_t { kMissing, kFile, kDirectory, kLink, kPipe, kNull, kSocket };

// What a host says of one of its files, links not followed.
struct HostFile {
  FileKind kind = FileKind::kMissing;
  uint32_t permissions = 0;
  uint64_t size = 0;
  uint64_t modified_ns = 0;  // since 1970
};

// The files behind the modelled ones; empty functions: none.
struct HostFiles {
  std::function<HostFile(const std::string& path)> look;
  std::function<std::vector<std::string>(const std::string& directory)> list;
  // A file's bytes, or where a link leads.
  std::function<std::string(const std::string& path)> load;
};

// What os.Hostname reads.
inline constexpr const char* kHostNameFile = "/proc/sys/kernel/hostname";

// Linux's numbers for what goes wrong.
enum FileError : int {
  kFileOk = 0,
  kNoEntry = 2,
  kBadDescriptor = 9,
  kTryAgain = 11,
  kNoAccess = 13,
  kExists = 17,
  kNotDirectory = 20,
  kIsDirectory = 21,
  kInvalid = 22,
  kIllegalSeek = 29,
  kBrokenPipe = 32,
  kNameTooLong = 36,
  kNotEmpty = 39,
  kTooManyLinks = 40
};

struct FileNode {
  FileKind kind = FileKind::kMissing;
  uint32_t permissions = 0;
  uint32_t links = 1;
  uint64_t modified_ns = 0;
  std::shared_ptr<std::string> bytes;        // of a file, a link, a pipe; null while the host has them
  uint64_t host_size = 0;                    // then
  std::map<std::string, uint32_t> children;  // of a directory; 0: removed
  std::string host_path;                     // what the host knows it as, if it does
  bool listed = false;                       // `children` holds all of the host's
  uint32_t parent = 0;
  uint32_t readers = 0, writers = 0;  // of a pipe
  // Of a pipe with a name: whether it had them since it was last closed by all.
  bool met_reader = true, met_writer = true;
};

struct OpenFile {
  uint32_t node = 0;    // 0: closed
  uint32_t socket = 0;  // the network's number of it
  uint64_t offset = 0;
  bool read = false, write = false, append = false, non_blocking = false;
  std::string path;
  std::vector<std::string> entries;  // of a directory that is being read
};

class FileSystem {
 public:
  FileSystem();

  // Adds a file (and its directories) before the program starts.
  void Add(const std::string& path, std::string text);

  // The node of a path as seen from directory `from`; 0 with *error when there is none. `last`: whether a
  // link at the end is followed.
  uint32_t Find(const HostFiles& host, std::string_view path, uint32_t from, bool last, int* error);
  // The same for a path whose last element may be missing: its directory, and that element.
  uint32_t FindParent(const HostFiles& host, std::string_view path, uint32_t from, std::string* name,
                      int* error);
  FileNode& node(uint32_t id) { return nodes_[id]; }
  // The absolute path of a node that is in the tree.
  std::string PathOf(uint32_t id) const;
  uint32_t Child(const HostFiles& host, uint32_t directory, const std::string& name);
  std::vector<std::string> Names(const HostFiles& host, uint32_t directory);
  // A file's bytes, fetched from the host if need be; writing wants a copy of its own.
  const std::string& Bytes(const HostFiles& host, uint32_t id);
  std::string& Writable(const HostFiles& host, uint32_t id);
  uint64_t SizeOf(uint32_t id) const;

  uint32_t Make(uint32_t directory, const std::string& name, FileKind kind, uint32_t permissions,
                uint64_t now);
  void Unlink(uint32_t directory, const std::string& name);
  void Link(uint32_t directory, const std::string& name, uint32_t id);
  uint32_t NewPipe();
  // Makes a file a pipe (mkfifo).
  void BecomePipe(uint32_t id);
  // The node that descriptors of sockets share.
  uint32_t SocketNode();

  // Descriptors; 0 to 2 are the standard streams and not kept here.
  int Open(OpenFile file);
  OpenFile* Descriptor(uint64_t descriptor);
  void Close(uint64_t descriptor);

  uint32_t directory = 1;    // the working directory
  uint32_t withheld = 0022;  // the permissions that new files do not get (umask)

 private:
  uint32_t Walk(const HostFiles& host, std::string_view path, uint32_t from, bool follow_last, int depth,
                int* error);

  std::vector<FileNode> nodes_;  // 0 is none, 1 the root
  uint32_t socket_node_ = 0;
  std::vector<OpenFile> files_;  // by descriptor
};

}  // namespace escapement::vm
