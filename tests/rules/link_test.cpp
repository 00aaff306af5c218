// SPDX-License-Identifier: Apache-2.0
// The border as the linker sees it: the compiled studio and widgets call nothing of torch.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#ifndef VL_GUI_ARCHIVES
#define VL_GUI_ARCHIVES ""
#endif

namespace {

struct ClosePipe {
    void operator()(FILE* pipe) const { pclose(pipe); }
};

std::string output(const std::string& command) {
    const std::unique_ptr<FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
    std::string text;
    std::array<char, 4096> buffer{};
    while (pipe != nullptr && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) {
        text += buffer.data();
    }
    return text;
}

/// Mangled names carry the length of each namespace: 3c10, 2at, 5torch.
bool namesTorch(const std::string& symbol) {
    for (const char* part : {"N3c10", "N2at", "N5torch", "K3c10", "K2at", "K5torch"}) {
        if (symbol.find(part) != std::string::npos) {
            return true;
        }
    }
    return false;
}

TEST(LinkBorder, TorchSymbolsAreRecognised) {
    EXPECT_TRUE(namesTorch("_ZN3c106Device8validateEv"));
    EXPECT_TRUE(namesTorch("_ZNK2at10TensorBase4sizeEl"));
    EXPECT_FALSE(namesTorch("_ZN7QObject6parentEv"));
}

TEST(LinkBorder, StudioAndWidgetsCallNothingOfTorch) {
    std::istringstream archives(VL_GUI_ARCHIVES);
    if (archives.str().empty()) {
        GTEST_SKIP() << "this build has no GUI";
    }
    if (output("nm --version 2>/dev/null").empty()) {
        GTEST_SKIP() << "nm is not installed";
    }
    for (std::string archive; std::getline(archives, archive, ':');) {
        ASSERT_TRUE(std::filesystem::exists(archive)) << archive;
        std::istringstream symbols(output("nm --undefined-only --no-sort '" + archive + "' 2>/dev/null"));
        int count = 0;
        for (std::string symbol; std::getline(symbols, symbol); ++count) {
            EXPECT_FALSE(namesTorch(symbol)) << archive << ": " << symbol;
        }
        EXPECT_GT(count, 0) << archive << " could not be read";
    }
}

}  // namespace
