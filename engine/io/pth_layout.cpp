// SPDX-License-Identifier: Apache-2.0
// The zip format: caffe2/serialize/inline_container.cc; the older one: _legacy_save in torch/serialization.py.
#include "engine/io/pth_layout.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/byte_order.h"
#include "engine/io/zip_directory.h"

namespace vl::detail {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::string_view legacyMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
constexpr std::int64_t legacyProtocol = 1001;

[[noreturn]] void bad(
    const std::string& where, const std::string& what,
    const std::string& hint = "The file is damaged, incomplete or of another kind; fetch it or save it again.") {
    throw Error(ErrorCode::BadFile, where + " cannot be read as a PyTorch file: " + what + ".", hint);
}

[[noreturn]] void refuseBigEndian(const std::string& where) {
    bad(where, "its numbers are stored big-endian",
        "Load it with PyTorch on the machine that wrote it and save it again on a little-endian one.");
}

std::string_view textOf(Bytes bytes, const ZipEntry& entry) {
    return textAt(bytes, static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.size));
}

/// The folder every record lies in, with its slash; its name is whatever the file was called.
std::string_view topFolder(const ZipDirectory& zip, const std::string& where) {
    constexpr std::string_view pickle = "data.pkl";
    for (const auto& entry : zip.entries()) {
        const auto slash = entry.name.find('/');
        if (slash != entry.name.npos && entry.name.substr(slash + 1) == pickle) return entry.name.substr(0, slash + 1);
    }
    bad(where, "the archive holds no data.pkl",
        "It is a zip archive of another kind; choose a checkpoint that torch.save wrote.");
}

PthLayout readZip(Bytes bytes, const std::string& where) {
    const auto zip = ZipDirectory::read(bytes, where);
    const auto top = topFolder(zip, where);
    const std::string folder(top);
    if (zip.find(folder + "constants.pkl"))
        bad(where, "it holds a TorchScript program instead of weights",
            "Load it in Python and save its state_dict() with torch.save.");
    if (const auto* order = zip.find(folder + "byteorder"); order && textOf(bytes, *order) != "little")
        refuseBigEndian(where);

    PthLayout layout;
    const auto* pickle = zip.find(folder + "data.pkl");
    layout.pickleBytes = static_cast<std::size_t>(pickle->size);
    layout.tree = readPickle(bytes.subspan(static_cast<std::size_t>(pickle->offset), layout.pickleBytes), where);
    const auto prefix = folder + "data/";
    for (const auto& entry : zip.entries())
        if (entry.name.substr(0, prefix.size()) == prefix)
            layout.data.emplace(entry.name.substr(prefix.size()), PthData{entry.offset, entry.size});
    return layout;
}

/// Hands out the pickles at the front of a legacy file one after the other.
class PickleRun {
public:
    PickleRun(Bytes bytes, const std::string& where) : bytes_(bytes), where_(where) {}

    PickleTree next() {
        std::size_t used = 0;
        auto tree = readPickle(bytes_.subspan(at_), where_, &used);
        at_ += used;
        last_ = used;
        return tree;
    }
    std::size_t at() const { return at_; }
    std::size_t lastBytes() const { return last_; }

private:
    Bytes bytes_;
    const std::string& where_;
    std::size_t at_ = 0, last_ = 0;
};

void checkSystem(const PickleTree& system, const std::string& where) {
    const auto& info = system[system.root];
    if (info.kind != PickleKind::Dict) bad(where, "its description of the machine that wrote it is malformed");
    for (std::size_t i = 0; i + 1 < info.items.size(); i += 2)
        if (system[info.items[i]].text == "little_endian" && system[info.items[i + 1]].integer == 0)
            refuseBigEndian(where);
}

/// Behind the pickles: for each key in the order of the list, the number of elements and the elements.
void placeStorages(PthLayout& layout, const PickleTree& keys, Bytes bytes, std::size_t at, const std::string& where) {
    std::unordered_map<std::string_view, std::size_t> elementBytes;
    for (const auto& storage : layout.tree.storages)
        elementBytes.emplace(storage.key, pickleDtypeBytes(storage.dtype));
    const auto& list = keys[keys.root];
    if (list.kind != PickleKind::List) bad(where, "its list of storages is malformed");
    for (const auto id : list.items) {
        const auto known = elementBytes.find(keys[id].text);
        if (keys[id].kind != PickleKind::String || known == elementBytes.end())
            bad(where, "it lists a storage that nothing uses");
        if (bytes.size() - at < 8) bad(where, "it ends before its last storage");
        std::uint64_t size = littleEndian<std::uint64_t>(bytes, at);
        at += 8;
        if (__builtin_mul_overflow(size, known->second, &size) || size > bytes.size() - at)
            bad(where, "it ends before its last storage");
        if (!layout.data.emplace(known->first, PthData{at, size}).second) bad(where, "it lists a storage twice");
        at += static_cast<std::size_t>(size);
    }
    if (at != bytes.size()) bad(where, "it goes on behind its last storage");
}

PthLayout readLegacy(Bytes bytes, const std::string& where) {
    PickleRun run(bytes, where);
    const auto magic = run.next();
    if (magic[magic.root].kind != PickleKind::BigInt || magic[magic.root].text != legacyMagic)
        bad(where, "it is a Python pickle, but not one that PyTorch wrote",
            "Load it in Python and save it with torch.save.");
    const auto protocol = run.next();
    if (protocol[protocol.root].kind != PickleKind::Int || protocol[protocol.root].integer != legacyProtocol)
        bad(where, "its format version is unknown");
    checkSystem(run.next(), where);
    PthLayout layout;
    layout.format = PthFormat::Legacy;
    layout.tree = run.next();
    layout.pickleBytes = run.lastBytes();
    const auto keys = run.next();
    placeStorages(layout, keys, bytes, run.at(), where);
    return layout;
}

bool isTar(Bytes bytes) { return bytes.size() > 262 && textAt(bytes, 257, 5) == "ustar"; }

}  // namespace

PthData PthLayout::dataOf(const PickleStorage& storage, const std::string& where) const {
    const auto found = data.find(storage.key);
    if (found == data.end()) bad(where, "the data of storage " + printable(storage.key, 40) + " are missing");
    std::uint64_t end = 0;
    if (__builtin_add_overflow(storage.viewOffset, storage.elements, &end) ||
        __builtin_mul_overflow(end, pickleDtypeBytes(storage.dtype), &end) || end > found->second.bytes)
        bad(where, "the data of storage " + printable(storage.key, 40) + " are shorter than promised");
    return found->second;
}

PthLayout readPthLayout(std::span<const std::byte> bytes, const std::string& where) {
    if (ZipDirectory::looksLikeZip(bytes)) return readZip(bytes, where);
    if (isTar(bytes))
        bad(where, "it has the tar format of PyTorch before 0.2", "Load it with an old PyTorch and save it again.");
    if (bytes.empty()) bad(where, "it is empty");
    if (std::to_integer<int>(bytes[0]) == 0x80) return readLegacy(bytes, where);
    bad(where, "it begins neither like a zip archive nor like a pickle",
        "Choose a checkpoint that torch.save wrote (.pth, .pt, .bin).");
}

}  // namespace vl::detail
