// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// One array of a numpy file.
struct NpyArray {
    std::string name;                 ///< without ".npy"
    std::string dtype;                ///< "U8", "I64", "F32" ... as in safetensors
    std::vector<std::int64_t> shape;  ///< empty: a scalar
    std::uint64_t bytes = 0;
    std::string problem;  ///< not empty: why it cannot be read, "is stored column by column (Fortran order)"
};

/// The numbers of one array from the first on, little-endian and row-major.
class NpyStream {
public:
    ~NpyStream();
    NpyStream(NpyStream&&) noexcept;
    NpyStream& operator=(NpyStream&&) noexcept;

    std::uint64_t left() const;
    /// Fills `out`. Throws Error(BadFile) where the file is damaged (the archive's sum is compared at the end) and
    /// Error(Internal) beyond the end.
    void read(std::span<std::byte> out);

private:
    friend class NpzFile;
    struct State;
    explicit NpyStream(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// A .npz archive of numpy arrays (stored or deflated, ZIP64 included), or one .npy array, called "arr_0". Opening maps
/// the file and reads the headers; numbers are read in pieces, so that a file may be larger than the memory. Files are
/// taken as hostile.
class NpzFile {
public:
    /// Throws Error(NotFound | BadFile), Error(Unsupported) for deflated members in builds without zlib.
    static NpzFile open(const std::filesystem::path& file);

    /// In the order of the file.
    std::span<const NpyArray> arrays() const;
    /// nullptr when there is none of that name.
    const NpyArray* find(std::string_view name) const;

    /// Valid without this object. Throws Error(Unsupported) for an array with a problem.
    NpyStream stream(const NpyArray& array) const;
    /// All numbers. Throws what stream and read throw, and Error(BadFile) for more than `maxBytes`.
    std::vector<std::byte> read(const NpyArray& array, std::uint64_t maxBytes = std::uint64_t{1} << 32) const;

private:
    struct Content;
    explicit NpzFile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

/// Writes a .npz archive of stored arrays piece by piece; numpy.load reads it. The file appears with commit().
class NpzWriter {
public:
    /// Throws Error(BadFile) when the place cannot be written.
    explicit NpzWriter(const std::filesystem::path& file);
    ~NpzWriter();

    /// An array in pieces: begin, append until its numbers are complete, end. Throws Error(Usage) for a type numpy
    /// files have not, Error(Internal) from end() when it is not complete, Error(BadFile) when the disk is full.
    void begin(std::string_view name, std::string_view dtype, const std::vector<std::int64_t>& shape);
    void append(std::span<const std::byte> numbers);
    void end();
    void add(std::string_view name, std::string_view dtype, const std::vector<std::int64_t>& shape,
             std::span<const std::byte> numbers);
    void commit();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vl
