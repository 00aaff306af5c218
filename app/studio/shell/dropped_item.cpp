// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/dropped_item.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <string>
#include <string_view>

#include "app/studio/shell/studio_settings.h"
#include "engine/api/run_folder.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using Kind = DroppedItem::Kind;

constexpr std::array<std::string_view, 9> kPictureEndings = {".png", ".jpg", ".jpeg", ".bmp",  ".webp",
                                                             ".ppm", ".pgm", ".tif",  ".tiff"};

constexpr std::array<std::string_view, 3> kTorchEndings = {".pth", ".pt", ".bin"};
constexpr std::string_view kShardIndex = ".safetensors.index.json";

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

std::string ending(const fs::path& file) { return lower(file.extension().string()); }

std::string firstBytes(const fs::path& file) {
    std::array<char, 12> head{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(head.data(), head.size());
    return {head.data(), static_cast<std::size_t>(stream.gcount())};
}

/// A zip archive, or the pickle the older format starts with.
bool hasTorchBytes(std::string_view text) {
    return text.substr(0, 4) == "PK\x03\x04" || (text.size() > 2 && text[0] == '\x80' && text[1] >= 1 && text[1] <= 5);
}

bool hasTorchName(const fs::path& file) {
    return std::find(kTorchEndings.begin(), kTorchEndings.end(), ending(file)) != kTorchEndings.end();
}

/// A picture whatever it is called: the first bytes of the common formats.
bool hasPictureBytes(std::string_view text) {
    const auto starts = [&](std::string_view magic) { return text.substr(0, magic.size()) == magic; };
    return starts("\x89PNG\r\n") || starts("\xFF\xD8\xFF") || (starts("BM") && text.size() == 12) ||
           (starts("RIFF") && text.substr(8) == "WEBP") || starts(std::string_view("II*\0", 4)) ||
           starts(std::string_view("MM\0*", 4));
}

DroppedItem unknown(const fs::path& path, const QString& message, const QString& hint) {
    return {Kind::Unknown, path, message, hint};
}

DroppedItem recogniseFolder(const fs::path& folder) {
    if (isRunFolder(folder)) return {Kind::RunFolder, folder, {}, {}};
    if (!picturesIn(folder, 1).empty()) return {Kind::ImageFolder, folder, {}, {}};
    return unknown(folder, QStringLiteral("%1 holds neither a run nor pictures").arg(fromPath(folder.filename())),
                   QStringLiteral("A run folder has a run.toml inside; pictures must lie directly in the folder."));
}

}  // namespace

bool hasPictureName(const fs::path& file) {
    return std::find(kPictureEndings.begin(), kPictureEndings.end(), ending(file)) != kPictureEndings.end();
}

std::vector<fs::path> picturesIn(const fs::path& folder, std::size_t limit) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (hasPictureName(it->path()) && it->is_regular_file(error)) files.push_back(it->path());
        if (files.size() >= 20 * limit) break;  // a folder of a whole data set: a sample of it is enough
    }
    std::sort(files.begin(), files.end());
    if (files.size() > limit) files.resize(limit);
    return files;
}

DroppedItem recognise(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const QString name = fromPath(path.filename().empty() ? path : path.filename());
    if (!fs::exists(status))
        return unknown(path, QStringLiteral("%1 is not there").arg(fromPath(path)),
                       QStringLiteral("Check the path, or drop the file itself."));
    if (fs::is_directory(status)) return recogniseFolder(path);
    if (!fs::is_regular_file(status))
        return unknown(path, QStringLiteral("%1 is not a file or folder").arg(name),
                       QStringLiteral("Drop an image, a checkpoint or a run folder."));
    if (path.filename() == "run.toml") return {Kind::RunFolder, path.parent_path(), {}, {}};
    if (ending(path) == ".safetensors") return {Kind::Checkpoint, path, {}, {}};
    if (ending(path) == ".toml") return {Kind::Settings, path, {}, {}};
    if (lower(path.filename().string()).ends_with(kShardIndex)) return {Kind::Checkpoint, path, {}, {}};
    const std::string head = firstBytes(path);
    if (hasTorchName(path) && hasTorchBytes(head)) return {Kind::Checkpoint, path, {}, {}};
    if (hasPictureName(path) || hasPictureBytes(head)) return {Kind::Image, path, {}, {}};
    if (hasTorchName(path))
        return unknown(path, QStringLiteral("%1 is named like a PyTorch checkpoint but does not begin like one").arg(name),
                       QStringLiteral("Its first bytes are neither a zip archive nor a pickle: fetch the file again, or drop another one."));
    return unknown(path, QStringLiteral("%1 is nothing the studio can open").arg(name),
                   QStringLiteral("Drop an image, a folder of images, a checkpoint (.pth, .pt, .bin, .safetensors) or a run folder."));
}

QString checkpointFilter() {
    return QStringLiteral("Checkpoints (*.safetensors *.pth *.pt *.bin *.safetensors.index.json);;All files (*)");
}

}  // namespace vl
