// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/data/idx_builder.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The child's output goes to files, so that neither side can wait for the other.
pid_t launch(const std::vector<std::string>& arguments, const fs::path& folder) {
    std::vector<std::string> words = {VL_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = (folder / ".out").string(), err = (folder / ".err").string();
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(folder.c_str()) != 0) _exit(126);
    dup2(open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
}

Outcome collect(pid_t child, const fs::path& folder) {
    int status = 0;
    waitpid(child, &status, 0);
    Outcome outcome;
    if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
    outcome.out = contents(folder / ".out");
    outcome.err = contents(folder / ".err");
    return outcome;
}

}  // namespace

int Outcome::errorLines() const { return static_cast<int>(std::count(err.begin(), err.end(), '\n')); }

Outcome runProgram(const std::vector<std::string>& arguments, const fs::path& folder) {
    return collect(launch(arguments, folder), folder);
}

Outcome interruptProgram(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& file) {
    const pid_t child = launch(arguments, folder);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::error_code ignored;
    while (std::chrono::steady_clock::now() < deadline) {
        if (fs::exists(file, ignored) && fs::file_size(file, ignored) > 0) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // another process: there is nothing else to wait on
    }
    kill(child, SIGINT);
    return collect(child, folder);
}

Scratch::Scratch() {
    static int number = 0;
    path_ = fs::temp_directory_path() / ("vl-cli-" + std::to_string(getpid()) + "-" + std::to_string(number++));
    fs::create_directories(path_);
}

Scratch::~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path Scratch::write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
}

fs::path Scratch::writeData(std::uint32_t training, std::uint32_t evaluation) const {
    write("data/train-images-idx3-ubyte", plainPictures(training));
    write("data/train-labels-idx1-ubyte", cyclingLabels(training));
    write("data/t10k-images-idx3-ubyte", plainPictures(evaluation));
    write("data/t10k-labels-idx1-ubyte", cyclingLabels(evaluation));
    return path_ / "data";
}

fs::path Scratch::writeConfig(const std::string& extra) const {
    const fs::path data = writeData();
    return write("config.toml",
                 "name = \"small\"\n[model]\npreset = \"illama_micro\"\nimage_size = 16\n[data]\npath = \"" +
                     data.string() +
                     "\"\nbatch = 8\n[train]\nthreads = 1\nwarmup_epochs = 0\n[eval]\nevery_steps = 10\n" + extra);
}

}  // namespace vl::test
