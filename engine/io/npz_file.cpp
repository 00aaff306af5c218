// SPDX-License-Identifier: Apache-2.0
#include "engine/io/npz_file.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/byte_order.h"
#include "engine/io/crc32.h"
#include "engine/io/inflate.h"
#include "engine/io/mapped_file.h"
#include "engine/io/npy_header.h"
#include "engine/io/zip_directory.h"

namespace vl {
namespace {

constexpr std::string_view kEnding = ".npy";
constexpr std::size_t kBlock = 4u << 20;

[[noreturn]] void bad(const std::string& where, const std::string& what) {
    throw Error(ErrorCode::BadFile, where + " is damaged: " + what + ".", "Fetch or write the file again.");
}

/// Where an array lies in the mapped file.
struct Place {
    std::span<const std::byte> bytes;  ///< as stored
    std::uint64_t size = 0;            ///< unpacked, header included
    std::uint64_t headerBytes = 0;
    std::optional<std::uint32_t> sum;  ///< of all unpacked bytes
    bool deflated = false;
};

/// An array's bytes from its header on, unpacked and summed on the way.
class Unpacker {
public:
    explicit Unpacker(const Place& place) : place_(place) {
        if (place.deflated) inflate_.emplace(place.bytes);
    }
    std::uint64_t left() const { return place_.size - done_; }
    /// False when the data end early.
    bool read(std::span<std::byte> out) {
        if (out.size() > left()) return false;
        if (inflate_) {
            if (inflate_->read(out) != out.size()) return false;
        } else if (!out.empty()) {
            std::memcpy(out.data(), place_.bytes.data() + done_, out.size());
        }
        sum_ = crc32(out, sum_);
        done_ += out.size();
        return true;
    }
    /// At the end: whether nothing follows and the sum is the stated one.
    bool sound() {
        std::byte extra{};
        return (!inflate_ || inflate_->read({&extra, 1}) == 0) && (!place_.sum || *place_.sum == sum_);
    }

private:
    Place place_;
    std::optional<InflateStream> inflate_;
    std::uint64_t done_ = 0;
    std::uint32_t sum_ = 0;
};

}  // namespace

struct NpzFile::Content {
    explicit Content(const std::filesystem::path& path) : file(path), where(path.string()) {}

    std::string nameOf(const NpyArray& array) const { return "Array " + printable(array.name) + " of " + where; }
    void add(std::string name, Place place);

    MappedFile file;
    std::string where;
    std::vector<NpyArray> arrays;
    std::vector<Place> places;
};

struct NpyStream::State {
    std::shared_ptr<const void> content;  ///< keeps the file mapped
    std::string name;
    Unpacker unpacker;
};

void NpzFile::Content::add(std::string name, Place place) {
    NpyArray array;
    array.name = std::move(name);
    const auto called = nameOf(array);
    Unpacker unpacker(place);
    std::string header(kNpyPrefixBytes, '\0');
    if (!unpacker.read(std::as_writable_bytes(std::span(header)))) bad(called, "it is too short");
    place.headerBytes = npyDataOffset(header);
    if (place.headerBytes == 0 || place.headerBytes > place.size)
        throw Error(ErrorCode::BadFile, called + " is no numpy array.",
                    "Choose a file that numpy.save or savez wrote.");
    header.resize(static_cast<std::size_t>(place.headerBytes));
    if (!unpacker.read(std::as_writable_bytes(std::span(header).subspan(kNpyPrefixBytes))))
        bad(called, "it ends within its header");
    auto parsed = parseNpyHeader(header, called);
    if (!parsed.dtype.empty() && parsed.bytes != place.size - place.headerBytes)
        bad(called, "its size is not what its header promises");
    array.dtype = std::move(parsed.dtype);
    array.shape = std::move(parsed.shape);
    array.bytes = parsed.bytes;
    array.problem = std::move(parsed.problem);
    arrays.push_back(std::move(array));
    places.push_back(place);
}

NpzFile NpzFile::open(const std::filesystem::path& file) {
    auto content = std::make_shared<Content>(file);
    const auto bytes = content->file.bytes();
    if (!ZipDirectory::looksLikeZip(bytes)) {
        if (npyDataOffset(detail::textAt(bytes, 0, std::min(bytes.size(), kNpyPrefixBytes))) == 0)
            throw Error(ErrorCode::BadFile, file.string() + " is no file of numpy arrays.",
                        "Choose a .npz or .npy file.");
        content->add("arr_0", {bytes, bytes.size(), 0, {}, false});
        return NpzFile(std::move(content));
    }
    const auto directory = ZipDirectory::read(bytes, content->where, ZipMethods::StoredOrDeflated);
    for (const auto& entry : directory.entries()) {
        if (!entry.name.ends_with(kEnding)) continue;
        const auto stored =
            bytes.subspan(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.stored));
        content->add(std::string(entry.name.substr(0, entry.name.size() - kEnding.size())),
                     {stored, entry.size, 0, entry.sum, entry.deflated});
    }
    if (content->arrays.empty())
        throw Error(ErrorCode::BadFile, file.string() + " holds no numpy arrays.", "Choose a .npz file.");
    return NpzFile(std::move(content));
}

std::span<const NpyArray> NpzFile::arrays() const { return content_->arrays; }

const NpyArray* NpzFile::find(std::string_view name) const {
    for (const auto& array : content_->arrays)
        if (array.name == name) return &array;
    return nullptr;
}

NpyStream NpzFile::stream(const NpyArray& array) const {
    const auto called = content_->nameOf(array);
    if (!array.problem.empty())
        throw Error(ErrorCode::Unsupported, called + " " + array.problem + ".",
                    "Save it as plain numbers in C order (numpy.ascontiguousarray).");
    const NpyArray* own = find(array.name);
    if (!own) throw Error(ErrorCode::Internal, called + " is not there.");
    const Place& place = content_->places[static_cast<std::size_t>(own - content_->arrays.data())];
    auto state = std::make_unique<NpyStream::State>(NpyStream::State{content_, called, Unpacker(place)});
    std::vector<std::byte> header(static_cast<std::size_t>(place.headerBytes));
    if (!state->unpacker.read(header)) bad(called, "it ends within its header");
    return NpyStream(std::move(state));
}

std::vector<std::byte> NpzFile::read(const NpyArray& array, std::uint64_t maxBytes) const {
    auto source = stream(array);
    if (source.left() > maxBytes)
        throw Error(ErrorCode::BadFile, content_->nameOf(array) + " is larger than anything expected here.",
                    "Choose another file.");
    std::vector<std::byte> numbers;
    // Block by block: a small file that promises much costs one block and not its promise.
    while (source.left() > 0) {
        const auto before = numbers.size();
        numbers.resize(before + static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, source.left())));
        source.read(std::span(numbers).subspan(before));
    }
    return numbers;
}

NpyStream::NpyStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
NpyStream::~NpyStream() = default;
NpyStream::NpyStream(NpyStream&&) noexcept = default;
NpyStream& NpyStream::operator=(NpyStream&&) noexcept = default;

std::uint64_t NpyStream::left() const { return state_->unpacker.left(); }

void NpyStream::read(std::span<std::byte> out) {
    if (out.size() > left()) throw Error(ErrorCode::Internal, "More of an array was asked for than there is.");
    if (!state_->unpacker.read(out)) bad(state_->name, "its compressed data cannot be read");
    if (left() == 0 && !out.empty() && !state_->unpacker.sound()) bad(state_->name, "its data do not have their sum");
}

}  // namespace vl
