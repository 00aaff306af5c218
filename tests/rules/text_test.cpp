// SPDX-License-Identifier: Apache-2.0
#include "tests/rules/tree.h"

#include <gtest/gtest.h>

#include <set>

namespace vl::test {
namespace {

std::string licenceOf(const fs::path& file) {
    const std::string text = readText(file).substr(0, 400);
    // Two pieces, so that this file's own text is not taken for a licence line.
    const std::string tag = std::string("SPDX-License-") + "Identifier: ";
    const std::size_t at = text.find(tag);
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t begin = at + tag.size();
    return text.substr(begin, text.find_first_of(" \r\n", begin) - begin);
}

TEST(Licences, EveryCodeFileNamesTheLicenceOfItsFolder) {
    const std::set<std::string> folders = {"engine", "app/cli", "tests", "cmake", "installer"};
    for (const std::string& folder : folders) {
        for (const fs::path& file : codeFiles(folder)) {
            const std::string name = shortName(file);
            const bool gui = name.rfind("tests/widgets/", 0) == 0 || name.rfind("tests/studio/", 0) == 0;
            const std::string licence = licenceOf(file);
            if (gui) {
                EXPECT_TRUE(licence == "GPL-3.0-or-later" || licence == "Apache-2.0") << name << ": " << licence;
            } else {
                EXPECT_EQ(licence, "Apache-2.0") << name;
            }
        }
    }
    for (const fs::path& file : codeFiles({"widgets", "app/studio"})) {
        const std::string licence = licenceOf(file);
        const bool build = file.filename() == "CMakeLists.txt";
        EXPECT_TRUE(licence == "GPL-3.0-or-later" || (build && licence == "Apache-2.0"))
            << shortName(file) << ": " << licence;
    }
}

TEST(Licences, TheTextsAreThere) {
    for (const char* name : {"Apache-2.0", "GPL-3.0-or-later"}) {
        EXPECT_GT(readText(sourceRoot() / "LICENSES" / (std::string(name) + ".txt")).size(), 10000U) << name;
    }
}

TEST(Text, NothingIsLeftForLater) {
    // In pieces for the same reason as above.
    const std::vector<std::string> words = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                            std::string("XX") + "X:", std::string("HA") + "CK:"};
    for (const fs::path& file : codeFiles({"engine", "widgets", "app", "tests", "cmake", "installer"})) {
        const std::vector<std::string> lines = readLines(file);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            for (const std::string& word : words) {
                EXPECT_EQ(lines[i].find(word), std::string::npos)
                    << shortName(file) << ":" << i + 1 << ": " << lines[i];
            }
        }
    }
}

TEST(Text, FilesStaySmallAndHeadersAreGuarded) {
    for (const fs::path& file : codeFiles({"engine", "widgets", "app", "tests"})) {
        if (file.extension() == ".h" || file.extension() == ".cuh") {
            EXPECT_NE(readText(file).find("#pragma once"), std::string::npos) << shortName(file);
        }
        EXPECT_LE(readLines(file).size(), 450U) << shortName(file) << " is long: files are 50 to 300 lines";
    }
}

TEST(Text, NoFileNamesAPathOfOneMachine) {
    for (const fs::path& file : codeFiles({"engine", "widgets", "app", "tests", "cmake", "installer"})) {
        const std::string text = readText(file);
        for (const std::string& path : {std::string("/wo") + "rk/", std::string("/ro") + "ot/"}) {
            EXPECT_EQ(text.find(path), std::string::npos) << shortName(file) << " names " << path;
        }
    }
}

}  // namespace
}  // namespace vl::test
