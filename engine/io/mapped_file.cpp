// SPDX-License-Identifier: Apache-2.0
#include "engine/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "engine/core/error.h"
#include "engine/core/files.h"

namespace vl {

MappedFile::MappedFile(const std::filesystem::path& file) {
    const auto fail = [&](int error) -> Error {
        const auto code = error == ENOENT ? ErrorCode::NotFound : ErrorCode::BadFile;
        return {code, file.string() + " cannot be opened: " + systemMessage(error) + ".", "Check the path and that you may read it."};
    };
    // Without O_NONBLOCK a named pipe would hang here for ever.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) throw fail(errno);
    struct stat info {};
    const bool regular = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
    size_ = regular ? static_cast<std::size_t>(info.st_size) : 0;
    void* address = size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0) : nullptr;
    const int error = errno;
    ::close(descriptor);
    if (!regular) throw Error(ErrorCode::BadFile, file.string() + " is not a file.", "Choose a file.");
    if (address == MAP_FAILED) throw fail(error);
    data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
    if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace vl
