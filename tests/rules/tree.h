// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

namespace vl::test {

namespace fs = std::filesystem;

inline fs::path sourceRoot() { return VL_SOURCE_DIR; }

inline std::string readText(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> readLines(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// Files of our own code below `folder` (relative to the top of the tree); folders that do not exist have none.
inline std::vector<fs::path> codeFiles(const std::string& folder) {
    static const std::vector<std::string> endings = {".h", ".cpp", ".cu", ".cuh", ".cmake", ".sh", ".py"};
    std::vector<fs::path> files;
    const fs::path top = sourceRoot() / folder;
    if (!fs::exists(top)) {
        return files;
    }
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
        const fs::path& path = entry.path();
        const bool code = std::find(endings.begin(), endings.end(), path.extension()) != endings.end();
        if (entry.is_regular_file() && (code || path.filename() == "CMakeLists.txt")) {
            files.push_back(path);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline std::vector<fs::path> codeFiles(std::initializer_list<const char*> folders) {
    std::vector<fs::path> all;
    for (const char* folder : folders) {
        const std::vector<fs::path> files = codeFiles(std::string(folder));
        all.insert(all.end(), files.begin(), files.end());
    }
    return all;
}

/// What stands between the brackets or quotes of an #include line; empty for any other line.
inline std::string includedFile(const std::string& line) {
    const std::size_t hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line.compare(hash, 1, "#") != 0) {
        return {};
    }
    const std::size_t word = line.find("include", hash);
    const std::size_t open = line.find_first_of("<\"", hash);
    if (word == std::string::npos || open == std::string::npos || word > open) {
        return {};
    }
    const std::size_t close = line.find_first_of(">\"", open + 1);
    return close == std::string::npos ? std::string() : line.substr(open + 1, close - open - 1);
}

inline std::string shortName(const fs::path& file) { return fs::relative(file, sourceRoot()).string(); }

}  // namespace vl::test
