import Testing

@testable import WebPages

@Suite("Pages of the console")
struct ConsoleTests {
    private let english = PageContext(t: L10n(.english), now: 1_795_730_000_000)

    @Test("the navigation holds what the visitor may see, and says where he is")
    func navigation() {
        func places(_ visitor: PageContext.Visitor?) -> [ConsoleShell.Place] {
            ConsoleShell.Place.allCases.filter { $0.isShown(to: visitor) }
        }
        #expect(places(nil) == [.overview, .explain, .provenance, .log])
        #expect(places(.init(name: "root", isAdministrator: true)) == ConsoleShell.Place.allCases)
        let auditor = places(.init(name: "eve", isAdministrator: false, duties: [.audits]))
        #expect(auditor.contains(.audit) && auditor.contains(.bundles))
        #expect(!auditor.contains(.users))
        let shell = ConsoleShell.view(current: .explain, context: english, content: "<h1>x</h1>").string
        #expect(shell.contains("href=\"/console/explain\" aria-current=\"page\""))
        #expect(!shell.contains("/console/users"))
    }

    @Test("why a job waits is told in the reader's language, whatever the hub says of it")
    func waiting() {
        let (english, chinese) = (L10n(.english), L10n(.chinese))
        #expect(chinese.jobWaits("Paused by ops until it is resumed.") == "已被 ops 暂停，等待有人继续")
        #expect(chinese.jobWaits(nil).contains("等待"))
        let retry =
            "Tried again at 2026-11-26T22:10:00.123Z (attempt 2 of 10): The upstream hf answered 429: slow down."
        #expect(
            english.jobWaits(retry)
                == "Tried again at 2026-11-26 22:10:00 UTC (2/10): The upstream hf answered 429: slow down.")
        #expect(chinese.jobWaits(retry).hasPrefix("将于 2026-11-26 22:10:00 UTC 重试 (2/10)"))
        for odd in ["", ":", "Tried again at", "Tried again at : x", "Paused by "] { _ = english.jobWaits(odd) }
    }

    @Test("what can be done with a job follows from how it stands")
    func actions() {
        func actions(_ state: JobView.State) -> [JobView.Action] {
            JobView(id: 1, kind: "sync", subject: "model:a/b", state: state).actions
        }
        #expect(actions(.running) == [.pause, .cancel])
        #expect(actions(.paused) == [.resume, .cancel])
        #expect(actions(.failed) == [.retry])
        #expect(actions(.succeeded) == [])
    }

    @Test("names and messages from elsewhere are text, in lists, on the page of a job and in what the stream sends")
    func hostile() {
        var job = JobView(id: 1, kind: "sync", subject: "model:<img src=x>/\"onload", state: .failed)
        job.failure = "<script>alert(1)</script>"
        let line = JobPage.Line(sequence: 1, at: 0, word: "failed", by: "<b>", detail: "</li><script>")
        let page = JobPage(
            job: job,
            files: [.init(path: "</td><script>", size: 1, bytes: 0, state: "failed", failure: "<i>")],
            hasMoreFiles: false, log: [line], maySteer: true, lastEvent: 0
        ).page(english)
        for html in [
            page.body, JobRow.view(job, maySteer: true, english), JobPage.line(line, appending: true, english),
        ] {
            #expect(!html.string.contains("<script>") && !html.string.contains("<img"))
        }
    }

    @Test("the first of the rules that decide is marked, and only that one")
    func decisive() {
        var answer = ExplainPage.Answer(repository: "model:acme/demo", address: "/models/acme/demo", outcome: .deny)
        func step(_ rule: String, _ verdict: ExplainPage.Step.Verdict) -> ExplainPage.Step {
            .init(rule: rule, verdict: verdict, reason: "r", message: nil, place: "mirrors.d/a.yaml:1", address: nil)
        }
        answer.steps = [step("a", .holds), step("b", .denies), step("c", .denies)]
        #expect(answer.decisive == 1)
        let trace = ExplainPage.trace(answer, english).string
        #expect(trace.split(separator: "class=\"decisive").count == 2)
        answer.outcome = .allow
        #expect(answer.decisive == nil)
    }

    @Test("places of policy files are read from what is wrong with them")
    func places() {
        let place = PolicyPlace.read("mirrors.d/x.yaml:12:7: error: unknown key")
        #expect(place?.file == "mirrors.d/x.yaml" && place?.line == 12)
        #expect(PolicyPlace.read("error: nothing") == nil)
        #expect(PolicyPlace.address(file: "mirrors.d/a b.yaml", line: 3) == "/console/policies/a%20b.yaml#L3")
    }
}
