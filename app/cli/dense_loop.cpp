// SPDX-License-Identifier: Apache-2.0
#include "app/cli/dense_loop.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/cli/dense_arguments.h"
#include "app/cli/interrupt.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::cli {

LoopResult forEachPicture(DenseInputs& inputs, ProgressLine& progress,
                          const std::function<void(const DenseInput&)>& look) {
    LoopResult result;
    const SystemClock clock;
    const double begin = clock.seconds();
    while (!interrupted()) {
        const std::int64_t taken = inputs.taken(), all = std::max<std::int64_t>(1, inputs.count());
        progress.update(static_cast<double>(taken) / static_cast<double>(all),
                        progressText(taken, all, clock.seconds() - begin));
        try {
            const std::optional<DenseInput> input = inputs.next();
            if (!input) break;
            look(*input);
            ++result.done;
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled) break;
            progress.clear();
            printError(error.message(), error.hint());
            ++result.failures;
        }
    }
    progress.clear();
    return result;
}

int finishLoop(const LoopResult& result, DenseOutputs& outputs, const nlohmann::ordered_json& answers) {
    outputs.finish();
    const bool written = outputs.wanted() && result.done > 0;
    // Class names come from files nobody vouches for and may be any bytes.
    if (!answers.is_null())
        std::printf("%s\n", answers.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
    else if (written)
        std::printf("%s written to %s\n", result.done == 1 ? "overlay" : "overlays", outputs.place().c_str());
    if (interrupted())
        throw Error(ErrorCode::Cancelled, "Stopped after " + thousands(result.done) + " pictures.",
                    written ? "What was finished is in " + outputs.place() + "." : "");
    return result.failures ? 1 : 0;
}

}  // namespace vl::cli
