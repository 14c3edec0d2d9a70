/// How something stands: a picture, a word and a colour, never the colour alone.
package struct StateChip: Sendable, Hashable {
    package enum Tone: String, Sendable, CaseIterable {
        case ok, warn, bad, info, neutral
    }

    package let tone: Tone
    package let icon: String
    package let text: String
    /// Why, as a tooltip.
    package let detail: String?

    package init(_ tone: Tone, icon: String, text: String, detail: String? = nil) {
        self.tone = tone
        self.icon = icon
        self.text = text
        self.detail = detail
    }

    package var view: HTML {
        "<span class=\"chip \(tone.rawValue)\"\(attribute: "title", detail)>\(Icon.view(icon))<span>\(text)</span></span>"
    }
}

/// How a repository stands to its upstream: one vocabulary everywhere.
package enum MirrorState: Sendable, Hashable {
    case local
    case mirrored
    /// The upstream has moved on; by how many commits, where that is known.
    case behind(Int?)
    case notMirrored
    case syncing
    case blocked
    case quarantined
    case verifying

    package func chip(_ t: L10n, detail: String? = nil) -> StateChip {
        switch self {
        case .local: StateChip(.neutral, icon: "house", text: t.stateLocal, detail: detail)
        case .mirrored: StateChip(.ok, icon: "check", text: t.stateMirrored, detail: detail)
        case .behind(let count): StateChip(.warn, icon: "history", text: t.stateBehind(count), detail: detail)
        case .notMirrored: StateChip(.neutral, icon: "cloud", text: t.stateNotMirrored, detail: detail)
        case .syncing: StateChip(.info, icon: "refresh-cw", text: t.stateSyncing, detail: detail)
        case .blocked: StateChip(.bad, icon: "ban", text: t.stateBlocked, detail: detail)
        case .quarantined: StateChip(.bad, icon: "shield-alert", text: t.stateQuarantined, detail: detail)
        case .verifying: StateChip(.warn, icon: "shield-check", text: t.stateVerifying, detail: detail)
        }
    }
}

extension L10n {
    package var stateLocal: String { pick(en: "Local", zh: "本地") }
    package var stateMirrored: String { pick(en: "Mirrored", zh: "已镜像") }
    package func stateBehind(_ count: Int?) -> String {
        guard let count else { return pick(en: "Behind", zh: "落后") }
        return pick(en: "Behind \(count)", zh: "落后 \(count)")
    }
    package var stateNotMirrored: String { pick(en: "Not mirrored", zh: "未镜像") }
    package var stateSyncing: String { pick(en: "Syncing", zh: "同步中") }
    package var stateBlocked: String { pick(en: "Blocked", zh: "被策略拦截") }
    package var stateQuarantined: String { pick(en: "Quarantined", zh: "已隔离") }
    package var stateVerifying: String { pick(en: "Verifying", zh: "校验中") }
}
