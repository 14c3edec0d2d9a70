import HubCore
import WebPages

/// Counts as the boxes beside a list show them.
enum CatalogueFacets {
    private static let groups: [CatalogueGroup] = [.state, .task, .library, .license, .size, .language, .owner, .tag]

    static func facets(_ page: LocalCataloguePage, _ question: CatalogueQuestion, _ t: L10n) -> [Facet] {
        groups.map { group in
            let chosen = question.query.chosen[group] ?? []
            let choices = (page.counts[group] ?? []).map { count in
                Facet.Choice(
                    value: count.value, label: label(count.value, count.label, group, t), count: count.count,
                    isChosen: chosen.contains(count.value))
            }
            return Facet(name: group.rawValue, title: title(group, t), choices: sorted(choices, group))
        }
    }

    /// The same of what an upstream has.
    static func facets(_ counts: CatalogueCounts, _ question: CatalogueQuestion, _ t: L10n) -> [Facet] {
        let known: [(CatalogueGroup, CatalogueFacet)] = [
            (.task, .task), (.library, .library), (.license, .license), (.language, .language), (.tag, .tag),
        ]
        return known.map { group, facet in
            let chosen = question.query.chosen[group] ?? []
            let choices = (counts.facets[facet] ?? []).map { count in
                let key = count.content.lowercased()
                return Facet.Choice(
                    value: key, label: label(key, count.content, group, t), count: Int(clamping: count.count),
                    isChosen: chosen.contains(key))
            }
            return Facet(name: group.rawValue, title: title(group, t), choices: choices)
        }
    }

    /// Sizes stand in their order, the rest as it was counted.
    private static func sorted(_ choices: [Facet.Choice], _ group: CatalogueGroup) -> [Facet.Choice] {
        guard group == .size else { return choices }
        let order = CatalogueSize.allCases.map { $0.rawValue.lowercased() }
        return choices.sorted {
            (order.firstIndex(of: $0.value) ?? 99) < (order.firstIndex(of: $1.value) ?? 99)
        }
    }

    private static func title(_ group: CatalogueGroup, _ t: L10n) -> String {
        switch group {
        case .task: t.facetTask
        case .library: t.facetLibrary
        case .language: t.facetLanguage
        case .license: t.facetLicense
        case .size: t.facetSize
        case .tag: t.facetTag
        case .owner: t.facetOwner
        case .state: t.facetState
        }
    }

    private static func label(_ value: String, _ label: String, _ group: CatalogueGroup, _ t: L10n) -> String {
        switch group {
        case .task: TaskNames.name(value, t)
        case .license: LicenseNames.name(label, t)
        case .size: t.sizeRange(value)
        case .state:
            switch CatalogueStanding(rawValue: value) {
            case .local: t.stateLocal
            case .mirrored: t.stateMirrored
            case .behind: t.stateBehind(nil)
            case .known: t.stateNotMirrored
            case .syncing: t.stateSyncing
            case .blocked: t.stateBlocked
            case .quarantined: t.stateQuarantined
            case nil: label
            }
        case .language: LanguageNames.name(value, t)
        case .library, .tag, .owner: label
        }
    }
}
