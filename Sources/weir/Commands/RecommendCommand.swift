import ArgumentParser
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway
import Policies

struct RecommendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend", abstract: "What fits a purpose best of what is here and at upstreams, and why.",
        discussion: "Asks no upstream: what the catalogue knows counts. JSON where the output is no terminal.",
        subcommands: [Models.self, Evaluate.self], defaultSubcommand: Models.self)

    struct Models: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Recommend something for a purpose.")

        @Option(help: "model, dataset, space or code.") var kind = "model"
        @Option(help: "Only what is for this task, as text-generation.") var task: String?
        @Option(help: "Counts in favour; may be repeated.") var language: [String] = []
        @Option(help: "Counts in favour.") var library: String?
        @Option(help: "Counts in favour; may be repeated.") var tag: [String] = []
        @Flag(help: "Leave out what is not for commercial use.") var commercial = false
        @Option(help: "Leave out what has this obligation, as non-commercial; may be repeated.") var without: [String] =
            []
        @Flag(help: "Leave out what somebody has to review first.") var allowedOnly = false
        @Option(help: "Memory of the accelerator it has to fit into, as 24GiB.") var memory: String?
        @Option(help: "The same by the name that a mirror file gives it.") var hardware: String?
        @Option(help: "Tokens of context that fit beside it.") var context = 4_096
        @Option(help: "How much may be fetched for it, as 100GiB.") var budget: String?
        @Option(help: "A model: what is like it or follows it; for data sets, data to train it with.") var like: String?
        @Option(help: "Whose use counts, as user:alice or org:acme.") var `for`: String?
        @Option(help: "How many at most.") var limit = 10
        @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
        @Flag(help: "Print JSON on a terminal too.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let question = try RecommendationQuestion(QueryParameters(parameters.map { .init($0.0, $0.1) }))
                let hub = try await Hub(path: data.path)
                let folder = FileManager.default.fileExists(atPath: mirrors) ? mirrors : nil
                let gateway = try Gateway(
                    hub: hub, mirrors: folder, isOffline: true, environment: ProcessInfo.processInfo.environment,
                    logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() })
                let answer = try await gateway.recommender.recommendAsOperator(
                    question.scene, history: self.for?.lowercased(), hardware: question.hardware)
                await hub.close()
                if json || isatty(STDOUT_FILENO) == 0 {
                    print(CatalogueLine.json { $0.value(answer) })
                } else {
                    for (place, item) in answer.items.enumerated() { Self.show(item, place + 1) }
                }
            }
        }

        private var parameters: [(String, String)] {
            var parameters = [
                ("kind", kind), ("context", String(context)), ("limit", String(limit)),
                ("commercial", String(commercial)), ("allowedOnly", String(allowedOnly)),
            ]
            for (name, value) in [
                ("task", task), ("library", library), ("memory", memory), ("hardware", hardware), ("budget", budget),
                ("like", like),
            ] {
                if let value { parameters.append((name, value)) }
            }
            for (name, values) in [("language", language), ("tag", tag), ("without", without)] {
                parameters += values.map { (name, $0) }
            }
            return parameters
        }

        private static func show(_ item: Recommender.Answer.Item, _ place: Int) {
            let name = item.localName?.description ?? "\(item.ranked.item.kind):\(item.ranked.item.path)"
            print(
                "\(place). \(name.onOneLine)\t\(String(format: "%.3f", item.ranked.score))\(item.isHere ? "\there" : "")"
            )
            for reason in item.ranked.reasons {
                let share = String(format: "%4.1f", reason.value * reason.weight * 100)
                print("   \(share)  \(reason.signal.rawValue): \(reason.text.onOneLine)")
            }
        }
    }

    struct Evaluate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "evaluate",
            abstract: "Compare recommendations with simpler ones, on an invented set with planted preferences.",
            discussion: "Each organisation's last use is to be foreseen. Prints JSON.")

        @Option(help: "How many models are invented.") var items = 3_000
        @Option(help: "How many organisations are invented.") var users = 400
        @Option(help: "What the set is invented from.") var seed: UInt64 = 7
        @Flag(help: "Let the others recommend what their user may not use, as they do by themselves.")
        var unfiltered = false
        @Option(help: "Rank this many invented models and tell how long one scene takes.") var rank = 0

        func run() async throws {
            var generator = SyntheticInteractions()
            generator.seed = seed
            generator.items = max(10, items)
            generator.users = max(1, users)
            let evaluation =
                rank > 0 ? nil : RankingEvaluation(generator.make(), filters: !unfiltered, now: generator.now)
            let times = rank > 0 ? RankingTimes(items: rank, seed: seed) : nil
            print(
                CatalogueLine.json { json in
                    json.object { json in
                        if let evaluation { Self.write(evaluation, to: &json) }
                        if let times {
                            json.member("rankedItems", Int64(times.items))
                            json.member("buildSeconds", times.build)
                            json.array("rankSeconds") { json in for time in times.ranks { json.value(time) } }
                        }
                    }
                })
        }

        private static func write(_ evaluation: RankingEvaluation, to json: inout JSONWriter) {
            json.member("users", Int64(evaluation.users))
            json.member("items", Int64(evaluation.items))
            write("lead", evaluation.lead, to: &json)
            json.array("rankings") { json in
                for metrics in evaluation.metrics {
                    json.object { json in
                        json.member("name", metrics.name)
                        for (name, estimate) in [
                            ("ndcg@5", metrics.ndcg5), ("ndcg@10", metrics.ndcg10), ("ndcg@20", metrics.ndcg20),
                            ("recall@5", metrics.recall5), ("recall@20", metrics.recall20), ("hit@10", metrics.hit10),
                        ] { write(name, estimate, to: &json) }
                        json.member("coverage", metrics.coverage)
                        json.member("licenseViolations", metrics.licenseViolations)
                        json.member("hardwareViolations", metrics.hardwareViolations)
                    }
                }
            }
        }

        private static func write(_ name: String, _ estimate: RankingMetrics.Estimate, to json: inout JSONWriter) {
            json.object(name) { json in
                json.member("mean", estimate.mean)
                json.member("low", estimate.low)
                json.member("high", estimate.high)
            }
        }
    }
}

/// How long rankings take of as many invented models.
private struct RankingTimes {
    let items: Int
    let build: Double
    let ranks: [Double]

    init(items: Int, seed: UInt64) {
        var generator = SyntheticInteractions()
        generator.items = items
        generator.users = 1
        generator.seed = seed
        let set = generator.make()
        let clock = ContinuousClock()
        let start = clock.now
        let index = RankingIndex(set.items, usage: set.usage, now: generator.now)
        build = Self.seconds(clock.now - start)
        var scene = RankingScene(kind: "model")
        scene.languages = ["zh"]
        scene.memory = 24 << 30
        scene.isCommercial = true
        scene.history = index.history(of: "org-0")
        self.items = index.items.count
        ranks = (0..<20).map { _ in
            let start = clock.now
            _ = index.rank(scene)
            return Self.seconds(clock.now - start)
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
