// Schedules kept in files: they are replayed, and one that no longer fits says so.

#include "tests/gtest/bodies.hpp"

#include <heddle/scenario.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace heddle {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

bool changed = false;   // whether the scenarios below have been edited since
bool repaired = false;  // whether they do the same steps without a defect

void counted(const Parameters& parameters) {
  atomic<int> count{0, "count"};
  tests::twice([&] {
    for (int i = 0; i < parameters.integer("increments"); ++i) {
      const int seen = count.load();
      if (changed) yield();
      count.store(seen + 1);
    }
  });
  const int total = count.load();
  if (repaired) return;
  EXPECT_EQ(total, 2 * parameters.integer("increments"));
}

const std::vector<Parameter> parameters{integer("increments", 1, 1, 9)};
// Declared as broken, and not.
const Registered broken{
    {.name = "corpus/broken", .parameters = parameters, .expects = DefectKind::LostUpdate, .body = counted}};
const Registered sound{{.name = "corpus/sound", .parameters = parameters, .body = counted}};

class CorpusTest : public testing::Test {
 protected:
  CorpusTest() { std::filesystem::remove_all(directory_); }
  ~CorpusTest() override {
    changed = repaired = false;
    std::filesystem::remove_all(directory_);
  }

  // Explores the scenario and saves what it finds.
  std::string save(const char* name, const char* increments = "1") {
    const Scenario& scenario = *find_scenario(name);
    Parameters values(scenario.parameters);
    values.set("increments", increments);
    return save_schedule(directory_, check(scenario, values, {}).defects.at(0));
  }
  void write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ + "/" + file) << text;
  }

  // The failures of a replay of the corpus, as texts.
  std::vector<std::string> failures(const Options& options = {}, const std::function<void()>& body = {}) {
    testing::TestPartResultArray parts;
    {
      const testing::ScopedFakeTestPartResultReporter reporter(
          testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
      replayed_ = body ? replay_corpus(directory_, body, options) : replay_corpus(directory_, options);
    }
    std::vector<std::string> texts;
    for (int i = 0; i < parts.size(); ++i)
      texts.push_back(std::string(parts.GetTestPartResult(i).file_name()) + ": " +
                      parts.GetTestPartResult(i).message());
    return texts;
  }
  std::string failure(const Options& options = {}, const std::function<void()>& body = {}) {
    const std::vector<std::string> all = failures(options, body);
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " failures";
  }

  const std::string directory_ =
      testing::TempDir() + "heddle_corpus_" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::size_t replayed_ = 0;
};

TEST_F(CorpusTest, AScheduleOfADeclaredDefectStillShowsIt) {
  save("corpus/broken");
  save("corpus/broken", "2");
  EXPECT_THAT(failures(), IsEmpty());
  EXPECT_EQ(replayed_, 2u);
}

TEST_F(CorpusTest, AFileIsCalledAfterTheScenarioTheKindAndTheSchedule) {
  const std::string path = save("corpus/broken", "2");
  EXPECT_THAT(path, testing::MatchesRegex(".*/corpus_broken,increments=2-lost-update-[0-9a-f]+\\.json"));
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\"schema\": \"heddle.schedule/1\""));
  EXPECT_THAT(text.str(), HasSubstr("\"scenario\": \"corpus/broken\""));
  EXPECT_THAT(text.str(), HasSubstr("\"increments\": 2"));
  EXPECT_THAT(text.str(), HasSubstr("\"kind\": \"lost-update\""));
  EXPECT_EQ(save("corpus/broken", "2"), path) << "saved again it is the same file";
}

TEST_F(CorpusTest, ADefectThatIsNotDeclaredFailsWithItsTrace) {
  const std::string path = save("corpus/sound");
  const std::string message = failure();
  EXPECT_THAT(message, HasSubstr(path + ": Failed\nschedule " + path + ": the interleaving shows a defect"));
  EXPECT_THAT(message, HasSubstr("defect  lost update on count"));
  EXPECT_THAT(message, HasSubstr("step  main"));
  repaired = true;
  EXPECT_THAT(failures(), IsEmpty()) << "the same interleaving without the defect";
}

TEST_F(CorpusTest, AScheduleThatNoLongerFitsSaysSo) {
  const std::string path = save("corpus/broken");
  changed = true;
  const std::string message = failure();
  EXPECT_THAT(message, HasSubstr(path));
  EXPECT_THAT(message, HasSubstr("the token no longer fits"));
  EXPECT_THAT(message, HasSubstr("replace the file by a new one or delete it"));
}

TEST_F(CorpusTest, ADeclaredDefectThatNoLongerShowsFails) {
  save("corpus/broken");
  repaired = true;
  EXPECT_THAT(failure(), HasSubstr("the interleaving no longer shows the lost-update defect"));
}

TEST_F(CorpusTest, AFileThatIsNoScheduleFails) {
  write("a.json", "{");
  EXPECT_THAT(failure(), HasSubstr("a.json: the file is not valid JSON. Correct or delete it."));
  write("a.json", "{}");
  EXPECT_THAT(failure(), HasSubstr("its schema is not heddle.schedule/1"));
  write("a.json", R"({"schema":"heddle.schedule/1","scenario":"corpus/broken"})");
  EXPECT_THAT(failure(), HasSubstr("the file has no token"));
  write("a.json", R"({"schema":"heddle.schedule/1","token":"h1:nonsense"})");
  EXPECT_THAT(failure(), HasSubstr("Correct or delete it."));
  write("a.json", "");
  EXPECT_THAT(failure(), HasSubstr("the file is empty"));
  std::filesystem::remove(directory_ + "/a.json");
  std::filesystem::create_symlink("nowhere", directory_ + "/a.json");
  EXPECT_THAT(failure(), HasSubstr("it cannot be read"));
}

TEST_F(CorpusTest, AScenarioOrParameterThatIsGoneFails) {
  write("a.json", R"({"schema":"heddle.schedule/1","token":"h1:corpus/gone:1x2:00000000"})");
  EXPECT_THAT(failure(), HasSubstr("the scenario 'corpus/gone', which is not linked into this program"));
  write("a.json", R"({"schema":"heddle.schedule/1","token":"h1:corpus/broken,threads=3:1x2:00000000"})");
  EXPECT_THAT(failure(), HasSubstr("there is no parameter 'threads'"));
  write("a.json", R"({"schema":"heddle.schedule/1","token":"h1:corpus/broken,threads:1x2:00000000"})");
  EXPECT_NE(failure(), "0 failures");
}

TEST_F(CorpusTest, OneBadFileDoesNotKeepTheOthersFromBeingReplayed) {
  write("a.json", "{}");
  save("corpus/broken");
  EXPECT_EQ(failures().size(), 1u);
  EXPECT_EQ(replayed_, 1u);
}

TEST_F(CorpusTest, ADirectoryThatDoesNotExistFails) {
  EXPECT_THAT(failure(), HasSubstr("there is no directory of schedules '" + directory_ + "'"));
}

TEST_F(CorpusTest, OtherFilesAreLeftAlone) {
  write("README.md", "not a schedule");
  EXPECT_THAT(failures(), IsEmpty());
  EXPECT_EQ(replayed_, 0u);
}

TEST_F(CorpusTest, ABodyReplaysTheSchedulesOfItsName) {
  Options options;
  options.name = "test/split";
  const auto body = [] { EXPECT_EQ(tests::split_count(), 2); };
  save("corpus/broken");  // another one's
  const std::string path = save_schedule(directory_, check(body, options).defects.at(0));
  EXPECT_THAT(path, testing::ContainsRegex("/test_split-lost-update-[0-9a-f]+\\.json$"));
  EXPECT_THAT(failure(options, body), HasSubstr(path + ": the interleaving shows a defect"));
  EXPECT_EQ(replayed_, 1u);
  EXPECT_THAT(failures(options, [] { tests::split_count(); }), IsEmpty()) << "repaired";
  EXPECT_EQ(replayed_, 1u);
  EXPECT_THAT(failure(options, tests::locked), HasSubstr("the token no longer fits"));
}

TEST_F(CorpusTest, WithoutANameNothingIsSavedOrFound) {
  EXPECT_THROW(save_schedule(directory_, check(tests::unlocked).defects.at(0)), std::invalid_argument);
  EXPECT_THROW(save_schedule(directory_, Defect()), std::invalid_argument);
  EXPECT_THROW(replay_corpus(directory_, tests::unlocked, {}), std::invalid_argument);
}

TEST_F(CorpusTest, ADirectoryThatCannotBeMadeIsAnError) {
  Options options;
  options.name = "test/unlocked";
  EXPECT_THROW(save_schedule("/proc/nowhere", check(tests::unlocked, options).defects.at(0)),
               std::runtime_error);
}

}  // namespace
}  // namespace heddle
