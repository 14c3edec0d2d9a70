import HubCore
import Policies

/// Where something is that may be recommended.
struct RecommendationItem: Sendable {
    enum Place: Sendable {
        /// A repository of an upstream, by the names of its mirror file.
        case upstream(mirror: String, name: String)
        /// A repository whose truth is here.
        case local(RepositoryID)
    }

    let place: Place
    /// Whether any content of it is here.
    let isHere: Bool
}

extension RankingItem {
    /// - Parameter decision: nil where no policy applies.
    init(_ description: RemoteDescription, decision: Decision?) {
        self.init(kind: description.kind.rawValue, path: description.path)
        let lineage = LineageTags(description.tags)
        task = description.task
        library = description.library
        languages = description.languages
        tags = description.tags
        downloads = description.downloads
        likes = description.likes
        createdAt = description.createdAt
        updatedAt = description.updatedAt
        totalBytes = description.totalSize
        if let parameters = description.parameters, parameters > 0 {
            size = ModelSize(parameters: parameters, parametersByType: description.parametersByType)
        }
        bases = lineage.bases
        datasets = lineage.datasets
        take(description.licenses, decision)
    }

    /// A repository whose truth is here.
    init(_ summary: RepositorySummary) {
        let repository = summary.repository
        self.init(kind: repository.id.kind.rawValue, path: repository.id.path)
        let card = Card(data: summary.card)
        let lineage = LineageTags(summary.tags)
        task = card.pipelineTag
        library = card.libraryName
        languages = card.languages
        tags = summary.tags
        downloads = repository.downloads
        likes = repository.likes
        createdAt = repository.createdAt
        updatedAt = repository.updatedAt
        let relation = card.data?["base_model_relation"]?.string.flatMap(Base.Relation.init(rawValue:))
        let named = (card.data?["base_model"]?.strings ?? []).prefix(64).map {
            Base(
                path: $0, relation: relation ?? (card.data?["base_model"]?.strings.count ?? 0 > 1 ? .merge : .finetune))
        }
        bases = named.isEmpty ? lineage.bases : Array(named)
        datasets = card.data?["datasets"]?.strings ?? lineage.datasets
        successor = card.data?["new_version"]?.string
        take(card.licenses, nil)
    }

    private mutating func take(_ licenses: [String], _ decision: Decision?) {
        let fact: LicenseFact = licenses.isEmpty ? .unknown : .declared(licenses)
        license = fact.expression.description
        licenseFlags = fact.expression.flags
        licenseOutcome = decision?.outcome ?? .allow
    }
}

/// What the tags of community hubs say of descent: `base_model:quantized:acme/x`, `dataset:acme/y`.
struct LineageTags {
    let bases: [RankingItem.Base]
    let datasets: [String]

    init(_ tags: [String]) {
        var relations: [String: RankingItem.Base.Relation] = [:]
        var order: [String] = []
        var datasets: [String] = []
        for tag in tags.prefix(500) {
            let parts = tag.split(separator: ":", maxSplits: 2).map(String.init)
            guard parts.count >= 2 else { continue }
            if parts[0] == "dataset" {
                datasets.append(parts.dropFirst().joined(separator: ":"))
            } else if parts[0] == "base_model" {
                let name = parts[parts.count - 1]
                if relations[name] == nil { order.append(name) }
                // The same is said once without the relation and once with it.
                let relation = parts.count == 3 ? RankingItem.Base.Relation(rawValue: parts[1]) : nil
                relations[name] = relation ?? relations[name] ?? .finetune
            }
        }
        bases = order.prefix(64).map { RankingItem.Base(path: $0, relation: relations[$0] ?? .finetune) }
        self.datasets = datasets
    }
}
