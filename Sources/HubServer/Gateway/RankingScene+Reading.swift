import HubCore
package import MirrorGateway
package import Policies

/// What recommendations are asked for.
package struct RecommendationQuestion: Sendable {
    package var scene: RankingScene
    /// The name of an accelerator in the mirrors' files.
    package var hardware: String?
    /// Whose use counts.
    package var organisation: String?

    /// Reads the query of `GET /recommendations`.
    /// - Throws: `.badRequest` for what says nothing.
    package init(_ query: QueryParameters) throws {
        let word = query.first("kind").flatMap { $0.isEmpty ? nil : $0 } ?? "model"
        guard let kind = HubCore.RepositoryKind(word: word) else {
            throw HubError(
                .badRequest, "'\(word)' is no kind of repository.",
                remedy: "Write one of \(HubCore.RepositoryKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        scene = RankingScene(kind: kind.rawValue)
        scene.task = Self.text(query, "task")
        scene.languages = query.all("language").filter { !$0.isEmpty }
        scene.library = Self.text(query, "library")
        scene.words = query.all("tag").filter { !$0.isEmpty }
        scene.isCommercial = try query.bool("commercial", default: false)
        scene.excludesReview = try query.bool("allowedOnly", default: false)
        scene.excludedFlags = Set(try query.all("without").filter { !$0.isEmpty }.map(Self.flag))
        scene.memory = try Self.bytes(query, "memory")
        scene.downloadBudget = try Self.bytes(query, "budget")
        scene.context = Int64(try query.integer("context", in: 0...100_000_000) ?? 4_096)
        scene.limit = try query.integer("limit", in: 1...100) ?? 10
        if let like = Self.text(query, "like") {
            // Data for a model: what is named may be of another kind than what is asked for.
            scene.like = HubCore.RepositoryID(parsing: like)?.path ?? like
        }
        hardware = Self.text(query, "hardware")
        organisation = Self.text(query, "organization")
        guard scene.languages.count + scene.words.count <= 64 else {
            throw HubError(.badRequest, "At most 64 languages and tags can be asked for.")
        }
    }

    private static func text(_ query: QueryParameters, _ name: String) -> String? {
        query.first(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func bytes(_ query: QueryParameters, _ name: String) throws -> Int64? {
        guard let text = text(query, name) else { return nil }
        guard let count = ByteCount(parsing: text), count.bytes > 0 else {
            throw HubError(.badRequest, "'\(text)' is no size for \(name).", remedy: "Write \(name)=24GiB.")
        }
        return count.bytes
    }

    private static func flag(_ word: String) throws -> LicenseFlag {
        guard let flag = LicenseFlag(rawValue: word) else {
            throw HubError(
                .badRequest, "'\(word)' is no obligation of licences.",
                remedy: "Write one of \(LicenseFlag.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return flag
    }
}

extension JSONWriter {
    /// What was recommended, with every reason.
    package mutating func value(_ answer: Recommender.Answer) {
        object { json in
            json.array("items") { json in
                for item in answer.items { json.recommended(item) }
            }
            json.member("considered", Int64(answer.considered))
            json.object("excluded") { json in
                for reason in Ranking.Exclusion.allCases {
                    json.member(reason.rawValue, Int64(answer.excluded[reason] ?? 0))
                }
            }
            json.member("gatheredAt", JSONDate.text(milliseconds: answer.builtAt))
        }
    }

    private mutating func recommended(_ item: Recommender.Answer.Item) {
        let known = item.ranked.item
        object { json in
            json.member("kind", known.kind)
            json.member("path", known.path)
            json.member("repository", item.localName?.description)
            json.member("mirror", item.mirror)
            json.member("upstream", item.upstream)
            json.member("here", item.isHere)
            json.member("score", item.ranked.score)
            json.member("license", known.license)
            json.member("decision", (item.decision?.outcome ?? .allow).rawValue)
            json.member("explanation", item.decision?.explanation)
            json.member("task", known.task)
            json.member("parameters", known.size?.parameters)
            json.member("bytes", known.totalBytes)
            json.member("bytesToFetch", known.marginalBytes)
            json.array("reasons") { json in
                for reason in item.ranked.reasons {
                    json.object { json in
                        json.member("signal", reason.signal.rawValue)
                        json.member("value", reason.value)
                        json.member("weight", reason.weight)
                        json.member("text", reason.text)
                    }
                }
            }
        }
    }
}
