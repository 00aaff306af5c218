// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/io/pth_writer.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"

namespace vl::test {

using NamesAndShapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

inline NamesAndShapes namesOf(std::span<const Parameter> parameters) {
    NamesAndShapes list;
    for (const Parameter& parameter : parameters)
        list.emplace_back(parameter.name, parameter.tensor.sizes().vec());
    return list;
}

/// A safetensors file of F32 zeros that takes no room on the disk: recognition looks at names and shapes alone.
inline std::filesystem::path writeHollow(const std::filesystem::path& file, const NamesAndShapes& tensors) {
    nlohmann::json header;
    std::uint64_t at = 0;
    for (const auto& [name, shape] : tensors) {
        std::uint64_t bytes = 4;
        for (const auto size : shape)
            bytes *= static_cast<std::uint64_t>(size);
        header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    auto text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    for (int i = 0; i < 8; ++i)
        out.put(static_cast<char>((text.size() >> (8 * i)) & 0xff));
    out << text;
    out.close();
    std::filesystem::resize_file(file, 8 + text.size() + at);
    return file;
}

/// The model with the recorded cases' deterministic weights.
inline std::unique_ptr<Model> filledModel(const ModelSpec& spec) {
    auto model = makeModel(spec);
    fillRecorded(model->parameters());
    return model;
}

/// Tensors as a PyTorch file in the given order.
inline void writePthTensors(const std::filesystem::path& file,
                            const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                            const PthWriteOptions& options = {}) {
    std::vector<at::Tensor> kept;
    std::vector<TensorView> views;
    for (const auto& [name, tensor] : tensors) {
        kept.push_back(tensor.detach().contiguous());
        views.push_back(viewOf(name, kept.back()));
    }
    writePth(file, views, options);
}

inline std::vector<std::pair<std::string, at::Tensor>> tensorsOf(Model& model, const std::string& prefix = {}) {
    std::vector<std::pair<std::string, at::Tensor>> list;
    for (const Parameter& parameter : model.parameters())
        list.emplace_back(prefix + parameter.name, parameter.tensor);
    return list;
}

/// The only tensors of the two that differ.
inline std::vector<std::string> differing(Model& a, Model& b) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < a.parameters().size(); ++i)
        if (!a.parameters()[i].tensor.equal(b.parameters()[i].tensor)) names.push_back(a.parameters()[i].name);
    return names;
}

}  // namespace vl::test
