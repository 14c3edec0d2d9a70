import HubCore
import Policies

extension JSONWriter {
    /// A repository as the clients' `ModelInfo`, `DatasetInfo` and `SpaceInfo` read it (wire/huggingface.md §2).
    mutating func repository(_ facts: RepositoryFacts, showing selection: PropertySelection) {
        object { json in
            let id = facts.repository.id.path
            json.member("id", id)
            if !selection.isExplicit, facts.repository.id.kind == .model { json.member("modelId", id) }
            for name in Self.propertyNames where selection.contains(name) { json.property(name, of: facts) }
            if facts.showsSecurity {
                json.object("securityRepoStatus") { json in
                    // That nobody has looked yet is not the same as having found nothing.
                    let states = facts.security
                    let isDone = facts.isWhole && states.map { $0.values.allSatisfy { $0.verdict != nil } } ?? false
                    json.member("scansDone", isDone)
                    json.array("filesWithIssues") { json in
                        for (path, state) in (states ?? [:]).sorted(by: { $0.key < $1.key }) {
                            guard let verdict = state.verdict, verdict != .clean else { continue }
                            json.object { json in
                                json.member("path", path)
                                json.member("level", state.status)
                            }
                        }
                    }
                }
            }
        }
    }

    private static let propertyNames = [
        "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "downloads", "downloadsAllTime",
        "likes", "trendingScore", "tags", "pipeline_tag", "library_name", "cardData", "model-index", "widgetData",
        "description", "citation", "paperswithcode_id", "sdk", "models", "datasets", "spaces", "config",
        "transformersInfo", "baseModels", "runtime", "xetEnabled", "usedStorage", "siblings",
    ]

    /// Writes one property; nothing where it is not known.
    private mutating func property(_ name: String, of facts: RepositoryFacts) {
        switch name {
        case "author": member(name, facts.repository.id.namespace)
        case "sha": if let commit = facts.commit { member(name, commit.hex) }
        case "lastModified": member(name, JSONDate.text(milliseconds: facts.lastModified))
        case "createdAt": member(name, JSONDate.text(milliseconds: facts.repository.createdAt))
        case "private": member(name, facts.repository.isPrivate)
        case "gated":
            let gating = facts.repository.gating
            if gating == .open { member(name, false) } else { member(name, gating.rawValue) }
        case "disabled", "xetEnabled": member(name, false)
        case "downloads", "downloadsAllTime": member(name, facts.repository.downloads)
        case "likes": member(name, facts.repository.likes)
        case "trendingScore": member(name, 0)
        case "tags": member(name, facts.tags)
        case "pipeline_tag": if let tag = facts.pipelineTag { member(name, tag) }
        case "library_name": if let library = facts.libraryName { member(name, library) }
        case "cardData": if let data = facts.card.data { member(name, data) }
        case "widgetData": if let data = facts.card.data?["widget"] { member(name, data) }
        case "model-index", "description", "citation", "paperswithcode_id", "sdk":
            if let data = facts.card.data?[name] { member(name, data) }
        case "models", "datasets": member(name, facts.card.data?[name]?.strings ?? [])
        case "spaces": array(name) { _ in }
        case "config": if let configuration = facts.configuration { member(name, configuration.excerpt) }
        case "transformersInfo": transformersInfo(name, facts)
        case "baseModels": baseModels(name, facts.card)
        case "runtime": runtime(name)
        case "usedStorage": if let files = facts.files, facts.isWhole { member(name, files.totalContentSize) }
        case "siblings": siblings(name, facts)
        default: break
        }
    }

    private mutating func siblings(_ name: String, _ facts: RepositoryFacts) {
        guard let files = facts.files else { return }
        array(name) { json in
            for file in files { json.sibling(file, withBlobs: facts.showsBlobs) }
        }
    }

    private mutating func transformersInfo(_ name: String, _ facts: RepositoryFacts) {
        guard let model = facts.configuration?.autoModel else { return }
        let isTokenized = facts.files?.contains { $0.path == "tokenizer_config.json" || $0.path == "tokenizer.json" }
        object(name) { json in
            json.member("auto_model", model.className)
            if let tag = model.pipelineTag { json.member("pipeline_tag", tag) }
            if isTokenized == true { json.member("processor", "AutoTokenizer") }
        }
    }

    private mutating func baseModels(_ name: String, _ card: Card) {
        let models = card.data?["base_model"]?.strings ?? []
        guard !models.isEmpty else { return }
        object(name) { json in
            json.member("relation", card.baseModelRelation)
            json.array("models") { json in
                for model in models { json.object { $0.member("id", model) } }
            }
        }
    }

    private mutating func runtime(_ name: String) {
        object(name) { json in
            json.member("stage", "STOPPED")
            json.object("hardware") { json in
                json.member("current", nil)
                json.member("requested", nil)
            }
            json.member("storage", nil)
            json.member("gcTimeout", nil)
        }
    }
}
