/// What happens one after another, and how far it is.
package enum TimelineSteps {
    package enum State: String, Sendable, CaseIterable {
        case done, now, failed, waiting
    }

    package struct Step: Sendable {
        package let label: String
        package let state: State
        /// Such as how long it took.
        package let note: String?

        package init(_ label: String, _ state: State, note: String? = nil) {
            self.label = label
            self.state = state
            self.note = note
        }
    }

    package static func view(_ label: String, _ steps: [Step], _ context: PageContext) -> HTML {
        let items = steps.map { step -> HTML in
            """
            <li class="\(step.state.rawValue)"\(attribute: "aria-current", step.state == .now ? "step" : nil)>\
            <span class="dot" aria-hidden="true"></span><span>\(step.label)\
            <span class="hidden"> \(context.t.stepState(step.state))</span></span>\
            \(step.note.map { note -> HTML in "<span class=\"step-note\">\(note)</span>" })</li>
            """
        }
        return "<ol class=\"steps\" aria-label=\"\(label)\">\(each: items)</ol>"
    }
}

extension L10n {
    func stepState(_ state: TimelineSteps.State) -> String {
        switch state {
        case .done: pick(en: "done", zh: "已完成")
        case .now: pick(en: "now", zh: "进行中")
        case .failed: pick(en: "failed", zh: "失败")
        case .waiting: pick(en: "waiting", zh: "等待中")
        }
    }
}
