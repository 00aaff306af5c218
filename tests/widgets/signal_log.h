// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QObject>
#include <QVariant>

namespace vl {

/// Remembers the arguments of every emission of one signal while it lives.
class SignalLog {
public:
    template <typename Sender, typename Class, typename... Args>
    SignalLog(Sender* sender, void (Class::*signal)(Args...))
        : connection_(QObject::connect(sender, signal, sender,
                                       [this](Args... args) { log_.push_back({QVariant::fromValue(args)...}); })) {}
    ~SignalLog() { QObject::disconnect(connection_); }
    SignalLog(const SignalLog&) = delete;
    SignalLog& operator=(const SignalLog&) = delete;

    int size() const { return static_cast<int>(log_.size()); }
    const std::vector<QVariant>& operator[](int index) const { return log_.at(index); }
    const std::vector<QVariant>& last() const { return log_.back(); }

private:
    std::vector<std::vector<QVariant>> log_;
    QMetaObject::Connection connection_;
};

}  // namespace vl
