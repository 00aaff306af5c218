// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/open_autoencoder.h"

#include "engine/core/error.h"

namespace vl {

std::unique_ptr<Autoencoder> openAutoencoder(const std::filesystem::path& file, const std::string& advice,
                                             const ReadWatcher& watch) {
    std::unique_ptr<Model> model = openCheckpoint(file, {}, watch).model;
    auto* autoencoder = dynamic_cast<Autoencoder*>(model.get());
    if (!autoencoder) throw Error(ErrorCode::Mismatch, file.string() + " holds no autoencoder.", advice);
    model.release();
    return std::unique_ptr<Autoencoder>(autoencoder);
}

}  // namespace vl
