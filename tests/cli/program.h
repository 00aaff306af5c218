// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace vl::test {

struct Outcome {
    int code = -1;  ///< exit code, -1 when a signal ended it
    std::string out, err;
    std::string firstErrorLine() const { return err.substr(0, err.find('\n')); }
    /// How many lines the program wrote to standard error.
    int errorLines() const;
};

/// Runs `visionllama ARGUMENTS` in `folder` without a shell and waits for it.
Outcome runProgram(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

/// Starts it, sends SIGINT as soon as `file` exists and is not empty, and waits.
Outcome interruptProgram(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                         const std::filesystem::path& file);

/// A folder that is gone with the test.
class Scratch {
public:
    Scratch();
    ~Scratch();
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, const std::string& bytes) const;
    /// The four files of a tiny Fashion-MNIST, uncompressed; returns their folder.
    std::filesystem::path writeData(std::uint32_t training = 48, std::uint32_t evaluation = 16) const;
    /// A configuration that trains a small model on writeData() in seconds.
    std::filesystem::path writeConfig(const std::string& extra = {}) const;

private:
    std::filesystem::path path_;
};

}  // namespace vl::test
