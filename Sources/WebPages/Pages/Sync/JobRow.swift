/// One job in a list: what it is about, how far it is, why it waits, and what can be done.
package enum JobRow {
    /// - Parameter maySteer: whether buttons are shown.
    package static func view(_ job: JobView, maySteer: Bool, _ context: PageContext) -> HTML {
        let t = context.t
        let buttons = maySteer ? JobButtons.view(job, next: "/console/sync", isSmall: true, context) : HTML()
        return """
            <li class="job" id="job-\(job.id)" data-state="\(job.state.rawValue)">\
            <div class="job-name"><a href=\(url: job.address)>\(job.title)</a>\
            <span class="job-note">\(note(job, context))</span></div>\
            <div class="\(job.line(t) == "–" ? "job-progress nothing" : "job-progress")">\(job.progress(t))</div>\
            <div class="job-state">\(job.chip(t).view)</div><div class="job-buttons">\(buttons)</div></li>
            """
    }

    private static func note(_ job: JobView, _ context: PageContext) -> HTML {
        let t = context.t
        if let reason = job.reason(t) { return HTML(text: reason) }
        if let finishedAt = job.finishedAt { return TimeText.view(finishedAt, context) }
        if let upstream = job.upstream { return HTML(text: t.jobFrom(upstream)) }
        return TimeText.view(job.createdAt, context)
    }

    /// All of a list, or that there is none.
    package static func list(_ jobs: [JobView], label: String, maySteer: Bool, _ context: PageContext) -> HTML {
        let rows = jobs.map { view($0, maySteer: maySteer, context) }
        return "<ul class=\"jobs\" aria-label=\"\(label)\">\(each: rows)</ul>"
    }
}

/// The buttons of a job.
package enum JobButtons {
    package static func view(_ job: JobView, next: String, isSmall: Bool, _ context: PageContext) -> HTML {
        let t = context.t
        let forms = job.actions.map { action -> HTML in
            let style: Button.Style = isSmall ? .quiet : action == .cancel ? .danger : .plain
            let label = t.jobAction(action)
            let face: HTML =
                isSmall
                ? """
                <button class="\(style.rawValue) square" type="submit" title="\(label)">\(Icon.view(icon(action)))\
                <span class="hidden">\(t.jobActionOn(action, job.title))</span></button>
                """ : Button.submit(label, style: style, icon: icon(action))
            return Form.post(
                "\(job.address)/\(action.rawValue)", context, class: "form-inline",
                "<input type=\"hidden\" name=\"next\" value=\"\(next)\">\(face)")
        }
        return "\(each: forms)"
    }

    private static func icon(_ action: JobView.Action) -> String {
        switch action {
        case .pause: "pause"
        case .resume: "play"
        case .cancel: "x"
        case .retry: "rotate-cw"
        }
    }
}
