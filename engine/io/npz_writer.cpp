// SPDX-License-Identifier: Apache-2.0
#include "engine/core/files.h"
#include "engine/io/npy_header.h"
#include "engine/io/npz_file.h"
#include "engine/io/zip_writer.h"

namespace vl {

struct NpzWriter::State {
    explicit State(const std::filesystem::path& path) : file(path), zip(file) {}
    AtomicFile file;
    ZipWriter zip;
};

NpzWriter::NpzWriter(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {}
NpzWriter::~NpzWriter() = default;

void NpzWriter::begin(std::string_view name, std::string_view dtype, const std::vector<std::int64_t>& shape) {
    const auto header = npyHeader(dtype, shape);
    state_->zip.begin(std::string(name) + ".npy", header.size() + npyBytes(dtype, shape));
    append(std::as_bytes(std::span(header)));
}

void NpzWriter::append(std::span<const std::byte> numbers) { state_->zip.append(numbers); }

void NpzWriter::end() { state_->zip.end(); }

void NpzWriter::add(std::string_view name, std::string_view dtype, const std::vector<std::int64_t>& shape,
                    std::span<const std::byte> numbers) {
    begin(name, dtype, shape);
    append(numbers);
    end();
}

void NpzWriter::commit() {
    state_->zip.finish();
    state_->file.commit();
}

}  // namespace vl
