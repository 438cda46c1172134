// checker/gtest/corpus.cpp - a directory of schedules that once failed.

#include <heddle/gtest.hpp>

#include "checker/core/schedule.hpp"
#include "checker/gtest/failure_text.hpp"
#include "checker/report/json.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace heddle {

namespace {

using checker::Schedule;
using checker::ScheduleFile;

// A schedule file that is not as it should be; the message says why and what to do.
struct Complaint : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What is replayed, and what that has to show.
struct Subject {
  std::function<void()> body;
  std::optional<DefectKind> declared;
};

constexpr DefectKind kinds[] = {DefectKind::Crash,       DefectKind::Exception, DefectKind::Deadlock,
                                DefectKind::LostUpdate,  DefectKind::StaleRead, DefectKind::Assertion,
                                DefectKind::MutexMisuse, DefectKind::Livelock,  DefectKind::StepLimit,
                                DefectKind::DataRace};

std::optional<DefectKind> kind_named(const std::string& name) {
  const auto* const found = std::find_if(std::begin(kinds), std::end(kinds),
                                         [&](DefectKind kind) { return to_string(kind) == name; });
  if (found == std::end(kinds)) return std::nullopt;
  return *found;
}

// "counter/unlocked,threads=3": the scenario, then its settings.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  if (parts.empty()) parts.emplace_back();
  return parts;
}

Subject scenario_of(const Schedule& schedule, const ScheduleFile& file) {
  const std::vector<std::string> parts = parts_of(schedule.name);
  const Scenario* scenario = find_scenario(parts.front());
  if (scenario == nullptr)
    throw Complaint(
        "it is of the scenario '" + parts.front() +
        "', which is not linked into this program. If it was renamed or removed, delete the file.");
  Parameters parameters(scenario->parameters);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = std::min(parts[i].find('='), parts[i].size() - 1);
    try {
      parameters.set(parts[i].substr(0, equals), parts[i].substr(equals + 1));
    } catch (const std::invalid_argument& error) {
      throw Complaint(std::string(error.what()) + ". Record the schedule anew, or delete the file.");
    }
  }
  std::optional<DefectKind> declared;
  if (scenario->expects) declared = file.kind.empty() ? scenario->expects : kind_named(file.kind);
  if (scenario->expects && !declared)
    throw Complaint("its kind '" + file.kind + "' is no kind of defect. Correct or delete the file.");
  return {[body = scenario->body, parameters] { body(parameters); }, declared};
}

void judge(const Subject& subject, const std::string& token, const Options& options) {
  const Result result = replay(subject.body, token, options);
  if (result.verdict == Verdict::ControlLost)
    throw Complaint(result.reason +
                    "\nThe schedule says nothing about the program as it is now: explore it, "
                    "then replace the file by a new one or delete it.");
  if (!subject.declared) {
    if (result.defects.empty()) return;
    throw Complaint("the interleaving shows a defect: " + checker::headline(result) + "\n\n" +
                    checker::told_defects(result));
  }
  const std::string kind(to_string(*subject.declared));
  if (std::any_of(result.defects.begin(), result.defects.end(),
                  [&](const Defect& defect) { return defect.kind == *subject.declared; }))
    return;
  const std::string others = checker::told_defects(result);
  throw Complaint("the interleaving no longer shows the " + kind +
                  " defect that it was kept for, although the scenario declares a defect. If the scenario "
                  "was repaired, let it declare no defect; else delete the file." +
                  (others.empty() ? "" : "\n\n" + others));
}

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw Complaint("it cannot be read.");
  return text.str();
}

std::vector<std::string> files_in(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// `subject_of` gives what a file is to be replayed with, or nothing when the file is not meant.
template <class SubjectOf>
std::size_t replay_files(const std::string& directory, const Options& options, SubjectOf subject_of) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    ADD_FAILURE() << "there is no directory of schedules '" << directory << "'"
                  << " in " << std::filesystem::current_path(error).string()
                  << ". Give its full path, for example as a definition of the build.";
    return 0;
  }
  std::size_t replayed = 0;
  for (const std::string& path : files_in(directory)) {
    try {
      ScheduleFile file;
      Schedule schedule;
      try {
        file = checker::schedule_in(content_of(path));
        schedule = Schedule::parse(file.token);
      } catch (const std::invalid_argument& wrong) {
        throw Complaint(std::string(wrong.what()) + ". Correct or delete it.");
      }
      const std::optional<Subject> subject = subject_of(schedule, file);
      if (!subject) continue;
      ++replayed;
      judge(*subject, file.token, options);
    } catch (const Complaint& complaint) {
      ADD_FAILURE_AT(path.c_str(), 1) << "schedule " << path << ": " << complaint.what();
    }
  }
  return replayed;
}

}  // namespace

std::size_t replay_corpus(const std::string& directory, const Options& options) {
  return replay_files(directory, options, [](const Schedule& schedule, const ScheduleFile& file) {
    return std::optional(scenario_of(schedule, file));
  });
}

std::size_t replay_corpus(const std::string& directory, const std::function<void()>& body,
                          const Options& options) {
  if (options.name.empty())
    throw std::invalid_argument(
        "replay_corpus needs options.name, which says which schedules are the body's");
  return replay_files(directory, options,
                      [&](const Schedule& schedule, const ScheduleFile&) -> std::optional<Subject> {
                        if (schedule.name != options.name) return std::nullopt;
                        return Subject{body, std::nullopt};
                      });
}

std::string save_schedule(const std::string& directory, const Defect& defect) {
  const std::string& token = defect.witness.token;
  const std::string name = Schedule::parse(token).name;
  if (name.empty())
    throw std::invalid_argument("the token " + token +
                                " has no name: give the exploration one with Options::name");
  const std::vector<std::string> parts = parts_of(name);
  Parameters parameters;
  if (const Scenario* scenario = find_scenario(parts.front())) {
    parameters = Parameters(scenario->parameters);
    for (std::size_t i = 1; i < parts.size(); ++i)
      parameters.set(parts[i].substr(0, parts[i].find('=')), parts[i].substr(parts[i].find('=') + 1));
  }
  std::string file = name;
  std::replace(file.begin(), file.end(), '/', '_');
  file += "-" + std::string(to_string(defect.kind)) + "-" + token.substr(token.rfind(':') + 1) + ".json";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string path = (std::filesystem::path(directory) / file).string();
  std::ofstream out(path);
  out << checker::schedule_json(parts.front(), parameters, defect);
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
  return path;
}

}  // namespace heddle
