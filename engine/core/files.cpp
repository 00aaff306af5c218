// SPDX-License-Identifier: Apache-2.0
#include "engine/core/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "engine/core/error.h"

namespace vl {
namespace fs = std::filesystem;

std::string systemMessage(int error) { return std::generic_category().message(error); }

std::string readTextFile(const fs::path& file, std::uintmax_t maxBytes) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status))
        throw Error(ErrorCode::NotFound, "There is no file " + file.string() + ".", "Check the path.");
    if (!fs::is_regular_file(status)) throw Error(ErrorCode::BadFile, file.string() + " is not a file.", "Choose a file.");
    const auto size = fs::file_size(file, error);
    if (error || size > maxBytes)
        throw Error(ErrorCode::BadFile, file.string() + " is too large to be read as text.", "Choose another file.");
    std::ifstream in(file, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in && !in.eof())
        throw Error(ErrorCode::BadFile, file.string() + " cannot be read.", "Check that you may read this file.");
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    return text;
}

AtomicFile::AtomicFile(fs::path target) : target_(std::move(target)) {
    static std::atomic<unsigned> counter{0};
    std::error_code error;
    const auto folder = target_.parent_path();
    if (!folder.empty()) fs::create_directories(folder, error);
    temporary_ = target_;
    temporary_ += ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail("cannot be created");
}

AtomicFile::~AtomicFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const char* what) const {
    throw Error(ErrorCode::BadFile, target_.string() + " " + what + ": " + systemMessage(errno) + ".",
                "Check that the folder exists, may be written and has free space.");
}

void AtomicFile::write(const void* data, std::size_t bytes) {
    const auto* at = static_cast<const char*>(data);
    while (bytes > 0) {
        const auto written = ::write(descriptor_, at, std::min<std::size_t>(bytes, 1u << 30));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot be written");
        at += written;
        bytes -= static_cast<std::size_t>(written);
    }
}

void AtomicFile::commit() {
    if (::fsync(descriptor_) != 0) fail("cannot be flushed to the disk");
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be put in place");
    ::close(descriptor_);
    descriptor_ = -1;
    const auto folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    const int entry = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (entry >= 0) {
        ::fsync(entry);  // some file systems refuse this; the rename itself stands
        ::close(entry);
    }
}

void writeFileAtomically(const fs::path& file, std::string_view bytes) {
    AtomicFile out(file);
    out.write(bytes);
    out.commit();
}

}  // namespace vl
