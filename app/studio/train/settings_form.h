// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <QWidget>

#include "engine/api/settings.h"
#include "widgets/form_row.h"

namespace vl {

struct ModelSpec;

/// A form made from the settings schema; it shows what counts for the chosen model. While a run is active it collects
/// edits and locks what cannot change; for a new run everything is open.
class SettingsForm : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Live, New, Ended };
    struct Edit {
        std::string key;
        QString label, before, after;
        Applies applies = Applies::Now;
        SettingValue value;
    };

    /// `columns`: sections side by side. Badges stand only in the live form.
    explicit SettingsForm(Mode mode, int columns = 1, QWidget* parent = nullptr);

    /// The values edits are measured against. `keepEdits`: fields the user changed keep what was typed.
    void setBaseline(const RunSettings& settings, bool keepEdits = false);
    const RunSettings& baseline() const { return baseline_; }
    void setMode(Mode mode);
    std::vector<Edit> edits() const;
    /// Baseline with the edits; throws Error(Usage) when a field holds no valid value.
    RunSettings settings() const;
    bool valid() const;
    void revert() { setBaseline(baseline_); }
    QWidget* field(const std::string& key) const;
    FormRow* row(const std::string& key) const;
    /// Whether the section ("soft_mask", "generate") stands in the form for the model that is chosen.
    bool sectionShown(const std::string& prefix) const;

Q_SIGNALS:
    void changed();
    void curveRequested();  ///< the piecewise curve is drawn in Schedules

private:
    struct Entry {
        const SettingField* setting = nullptr;
        FormRow* row = nullptr;
        std::function<void(const SettingValue&)> show;
        std::function<SettingValue()> read;  ///< monostate never; call only when the row has no problem
    };
    Entry makeEntry(const SettingField& field);
    void applyMode();
    /// Sections without meaning for the chosen model leave, single fields without effect are locked and say why.
    void refreshEffects();
    const ModelSpec* chosenModel() const;  ///< null: a name this program does not know

    Mode mode_;
    RunSettings baseline_;
    std::vector<Entry> entries_;
    std::map<std::string, QWidget*> titles_;  ///< of sections, by prefix
    bool showing_ = false;
};

/// A setting's value in words for forms and sentences.
QString settingValueText(const SettingValue& value);

}  // namespace vl
