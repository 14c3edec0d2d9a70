/// Lists that are always empty, as their summaries say.
extension CSGHubAbsentRoutes {
    static let repositoryOperations = APIOperationGroup(
        ofRepository: "Running",
        [
            .get("/quantizations", "listQuantizations", "Quantised forms of it: none.", returns: nothing),
            .get("/runtime_framework", "listFrameworksFor", "What could run it: nothing.", returns: nothing),
            .get("/runtime_framework_v2", "listFrameworksForV2", "What could run it: nothing.", returns: nothing),
            .get("/run", "listRunsOf", "Where it runs: nowhere.", returns: nothing),
        ])

    static let operations = APIOperationGroup(
        csghub: "Running",
        [
            .get("/space_resources", "listResources", "What spaces could run on: nothing.", returns: nothing),
            .get(
                "/space_resources/hardware_types", "listHardware", "Hardware for spaces: none.", returns: nothing),
            .get("/space_resources/scenarios", "listScenarios", "Uses of hardware: none.", returns: nothing),
            .get("/space_sdks", "listSDKs", "Frameworks for spaces: none.", returns: nothing),
            .get("/space_templates", "listTemplates", "Templates for spaces: none.", returns: nothing),
            .get("/broadcasts/active", "listBroadcasts", "What everybody shall know: nothing.", returns: nothing),
            .get("/runtime_framework", "listFrameworks", "Frameworks that run models: none.", returns: nothing),
            .get(
                "/models/runtime_framework", "listRunnableModels", "Models that frameworks run: none.",
                returns: nothing),
            .get("/cluster", "listClusters", "Clusters: none.", returns: nothing),
            own("/run/{repo_type}", "listRuns", "What you run: nothing.", ["repo_type": APICapture(.text)]),
            own("/finetune/instances", "listTuners", "Where you tune models: nowhere."),
            own("/finetune/jobs", "listTuningJobs", "Your jobs that tune models: none."),
            own("/evaluations", "listEvaluations", "Your evaluations: none."),
            own("/notebooks", "listNotebooks", "Your notebooks: none."),
            own("/likes/collections", "listLikedCollections", "Collections you like: none is counted."),
            .post(
                "/events", "tellEvents", "Takes what clients tell of clicks, 300 at most, and keeps nothing of it.",
                body: .json(.array(of: .object(["m": .text, "id": .text]))), returns: .done),
        ])

    private static let nothing = APIAnswer.enveloped(.array(of: .anything))

    private static func own(
        _ path: String, _ id: String, _ summary: String, _ captures: [String: APICapture] = [:]
    ) -> APIOperation {
        .get(
            "/user/{username}\(path)", id, summary, captures: captures, query: [.per, .page],
            returns: .accountList(of: .anything))
    }
}
