// Written by `npm run generate`. Do not edit.
export interface paths {
    "/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List agents
         * @description Get a list of all available AI agents in the OpenCode system.
         */
        get: operations["app.agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List agents
         * @description Retrieve currently registered agents.
         */
        get: operations["v2.agent.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List commands
         * @description Retrieve currently registered commands.
         */
        get: operations["v2.command.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credential/{credentialID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove credential
         * @description Remove a stored integration credential.
         */
        delete: operations["v2.credential.remove"];
        options?: never;
        head?: never;
        /**
         * Update credential
         * @description Update a stored credential label.
         */
        patch: operations["v2.credential.update"];
        trace?: never;
    };
    "/api/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subscribe to events
         * @description Subscribe to native event payloads for the server.
         */
        get: operations["v2.event.subscribe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/fs/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find files
         * @description Find recursively ranked filesystem entries relative to the requested location.
         */
        get: operations["v2.fs.find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/fs/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List directory
         * @description List direct children of one directory relative to the requested location.
         */
        get: operations["v2.fs.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/fs/read/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read file
         * @description Serve one file relative to the requested location.
         */
        get: operations["v2.fs.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check server health
         * @description Check whether the API server is ready to accept requests.
         */
        get: operations["v2.health.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List integrations
         * @description Retrieve available integrations and their authentication methods.
         */
        get: operations["v2.integration.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration/{integrationID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get integration
         * @description Retrieve one integration and its authentication methods.
         */
        get: operations["v2.integration.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration/{integrationID}/connect/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect with key
         * @description Run a key authentication method and store the resulting credential.
         */
        post: operations["v2.integration.connect.key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration/{integrationID}/connect/oauth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin OAuth connection
         * @description Start an OAuth attempt and return the authorization details.
         */
        post: operations["v2.integration.connect.oauth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration/attempt/{attemptID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get OAuth attempt status
         * @description Poll the current status of an OAuth attempt.
         */
        get: operations["v2.integration.attempt.status"];
        put?: never;
        post?: never;
        /**
         * Cancel OAuth connection
         * @description Cancel an OAuth attempt and release its resources.
         */
        delete: operations["v2.integration.attempt.cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/integration/attempt/{attemptID}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete OAuth connection
         * @description Complete a code-based OAuth attempt and store the resulting credential.
         */
        post: operations["v2.integration.attempt.complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get location
         * @description Resolve the requested location or the server default location.
         */
        get: operations["v2.location.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List models
         * @description Retrieve available models ordered by release date.
         */
        get: operations["v2.model.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permission/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending permission requests
         * @description Retrieve pending permission requests for a location.
         */
        get: operations["v2.permission.request.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permission/saved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List saved permissions
         * @description Retrieve saved permissions, optionally filtered by project.
         */
        get: operations["v2.permission.saved.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permission/saved/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove saved permission
         * @description Remove a saved permission by ID.
         */
        delete: operations["v2.permission.saved.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List providers
         * @description Retrieve active AI providers so clients can show provider availability and configuration.
         */
        get: operations["v2.provider.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provider/{providerID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get provider
         * @description Retrieve a single AI provider so clients can inspect its availability and endpoint settings.
         */
        get: operations["v2.provider.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List PTY sessions
         * @description List PTY sessions for a location, including exited sessions retained until removal.
         */
        get: operations["v2.pty.list"];
        put?: never;
        /**
         * Create PTY session
         * @description Create a pseudo-terminal session for a location.
         */
        post: operations["v2.pty.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pty/{ptyID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get PTY session
         * @description Get one PTY session, including its exit code once exited.
         */
        get: operations["v2.pty.get"];
        /**
         * Update PTY session
         * @description Update the title or viewport size of one PTY session.
         */
        put: operations["v2.pty.update"];
        post?: never;
        /**
         * Remove PTY session
         * @description Terminate and remove one PTY session.
         */
        delete: operations["v2.pty.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pty/{ptyID}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Connect to PTY session
         * @description Establish a WebSocket connection streaming PTY output and accepting terminal input.
         */
        get: operations["v2.pty.connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pty/{ptyID}/connect-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create PTY WebSocket token
         * @description Create a short-lived single-use ticket for opening a PTY WebSocket connection.
         */
        post: operations["v2.pty.connectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/question/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending question requests
         * @description Retrieve pending question requests for a location.
         */
        get: operations["v2.question.request.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List references
         * @description List references available in the requested location.
         */
        get: operations["v2.reference.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description Retrieve sessions in the requested order. Items keep that order across pages; use cursor.next or cursor.previous to move through the ordered list.
         */
        get: operations["v2.session.list"];
        put?: never;
        /**
         * Create session
         * @description Create a session at the requested location.
         */
        post: operations["v2.session.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session
         * @description Retrieve a session by ID.
         */
        get: operations["v2.session.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch session agent
         * @description Switch the agent used by subsequent provider turns.
         */
        post: operations["v2.session.switchAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/compact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compact session
         * @description Compact a session conversation.
         */
        post: operations["v2.session.compact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/context": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session context
         * @description Retrieve the active context messages for a session (all messages after the last compaction).
         */
        get: operations["v2.session.context"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subscribe to session events
         * @description Replay durable events after an aggregate sequence, then continue with new durable events.
         */
        get: operations["v2.session.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session history
         * @description Read one finite page of public durable Session events after an exclusive aggregate sequence. Newly committed events may appear on later pages.
         */
        get: operations["v2.session.history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/interrupt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Interrupt session execution
         * @description Interrupt active execution owned by this OpenCode process. Idle interruption is a no-op.
         */
        post: operations["v2.session.interrupt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session messages
         * @description Retrieve projected messages for a session. Items keep the requested order across pages; use cursor.next or cursor.previous to move through the ordered timeline.
         */
        get: operations["v2.session.messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/message/{messageID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session message
         * @description Retrieve one projected message owned by the Session.
         */
        get: operations["v2.session.message"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch session model
         * @description Switch the model used by subsequent provider turns.
         */
        post: operations["v2.session.switchModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/permission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List session permission requests
         * @description Retrieve pending permission requests owned by a session.
         */
        get: operations["v2.session.permission.list"];
        put?: never;
        /**
         * Create permission request
         * @description Evaluate and, when approval is required, create a permission request for a session.
         */
        post: operations["v2.session.permission.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/permission/{requestID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get permission request
         * @description Retrieve a pending permission request owned by a session.
         */
        get: operations["v2.session.permission.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/permission/{requestID}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reply to pending permission request
         * @description Respond to a pending permission request owned by a session.
         */
        post: operations["v2.session.permission.reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send message
         * @description Durably admit one session input and schedule agent-loop execution unless resume is false.
         */
        post: operations["v2.session.prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/question": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List session question requests
         * @description Retrieve pending question requests owned by a session.
         */
        get: operations["v2.session.question.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/question/{requestID}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject pending question request
         * @description Reject a pending question request owned by a session.
         */
        post: operations["v2.session.question.reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/question/{requestID}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reply to pending question request
         * @description Answer a pending question request owned by a session.
         */
        post: operations["v2.session.question.reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/revert/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear staged revert */
        post: operations["v2.session.revert.clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/revert/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Commit staged revert */
        post: operations["v2.session.revert.commit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/revert/stage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stage session revert
         * @description Stage or move a reversible session boundary and optionally apply its file changes.
         */
        post: operations["v2.session.revert.stage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionID}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wait for session
         * @description Wait for a session agent loop to become idle.
         */
        post: operations["v2.session.wait"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List active sessions
         * @description Retrieve foreground Session drains currently owned by this OpenCode process. Sessions absent from the result are inactive.
         */
        get: operations["v2.session.active"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/skill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List skills
         * @description Retrieve currently registered skills.
         */
        get: operations["v2.skill.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/{providerID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set auth credentials
         * @description Set authentication credentials
         */
        put: operations["auth.set"];
        post?: never;
        /**
         * Remove auth credentials
         * @description Remove authentication credentials
         */
        delete: operations["auth.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List commands
         * @description Get a list of all available commands in the OpenCode system.
         */
        get: operations["command.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get configuration
         * @description Retrieve the current OpenCode configuration settings and preferences.
         */
        get: operations["config.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update configuration
         * @description Update OpenCode configuration settings and preferences.
         */
        patch: operations["config.update"];
        trace?: never;
    };
    "/config/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List config providers
         * @description Get a list of all configured AI providers and their default models.
         */
        get: operations["config.providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subscribe to events
         * @description Get events
         */
        get: operations["event.subscribe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get experimental capabilities
         * @description Get experimental features enabled on the OpenCode server.
         */
        get: operations["experimental.capabilities.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get active Console provider metadata
         * @description Get the active Console org name and the set of provider IDs managed by that Console org.
         */
        get: operations["experimental.console.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/console/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List switchable Console orgs
         * @description Get the available Console orgs across logged-in accounts, including the current active org.
         */
        get: operations["experimental.console.listOrgs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/console/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch active Console org
         * @description Persist a new active Console account/org selection for the current local OpenCode state.
         */
        post: operations["experimental.console.switchOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/control-plane/move-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move session
         * @description Move a session to another project directory, optionally transferring local changes.
         */
        post: operations["experimental.controlPlane.moveSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/project/{projectID}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["v2.projectCopy.create"];
        delete: operations["v2.projectCopy.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/project/{projectID}/copy/generate-name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate project copy name
         * @description Generate a short name for a project copy from task context.
         */
        post: operations["experimental.projectCopy.generateName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/project/{projectID}/copy/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["v2.projectCopy.refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get MCP resources
         * @description Get all available MCP resources from connected servers. Optionally filter by name.
         */
        get: operations["experimental.resource.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description Get a list of all OpenCode sessions across projects, sorted by most recently updated. Archived sessions are excluded by default.
         */
        get: operations["experimental.session.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/session/{sessionID}/background": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Background subagents
         * @description Detach any synchronous subagents currently blocking the session and continue them in the background.
         */
        post: operations["experimental.session.background"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/tool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tools
         * @description Get a list of available tools with their JSON schema parameters for a specific provider and model combination.
         */
        get: operations["tool.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/tool/ids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tool IDs
         * @description Get a list of all available tool IDs, including both built-in tools and dynamically registered tools.
         */
        get: operations["tool.ids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workspaces
         * @description List all workspaces.
         */
        get: operations["experimental.workspace.list"];
        put?: never;
        /**
         * Create workspace
         * @description Create a workspace for the current project.
         */
        post: operations["experimental.workspace.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove workspace
         * @description Remove an existing workspace.
         */
        delete: operations["experimental.workspace.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace/adapter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workspace adapters
         * @description List all available workspace adapters for the current project.
         */
        get: operations["experimental.workspace.adapter.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Workspace status
         * @description Get connection status for workspaces in the current project.
         */
        get: operations["experimental.workspace.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace/sync-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync workspace list
         * @description Register missing workspaces returned by workspace adapters.
         */
        post: operations["experimental.workspace.syncList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/workspace/warp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Warp session into workspace
         * @description Move a session's sync history into the target workspace, or detach it to the local project.
         */
        post: operations["experimental.workspace.warp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/worktree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List worktrees
         * @description List all sandbox worktrees for the current project.
         */
        get: operations["worktree.list"];
        put?: never;
        /**
         * Create worktree
         * @description Create a new git worktree for the current project and run any configured startup scripts.
         */
        post: operations["worktree.create"];
        /**
         * Remove worktree
         * @description Remove a git worktree and delete its branch.
         */
        delete: operations["worktree.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/experimental/worktree/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset worktree
         * @description Reset a worktree branch to the primary default branch.
         */
        post: operations["worktree.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List files
         * @description List files and directories in a specified path.
         */
        get: operations["file.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/file/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read file
         * @description Read the content of a specified file.
         */
        get: operations["file.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/file/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get file status
         * @description Get the git status of all files in the project.
         */
        get: operations["file.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find text
         * @description Search for text patterns across files in the project using ripgrep.
         */
        get: operations["find.text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/find/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find files
         * @description Search for files or directories by name or pattern in the project directory.
         */
        get: operations["find.files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/find/symbol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find symbols
         * @description Search for workspace symbols like functions, classes, and variables using LSP.
         */
        get: operations["find.symbols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/formatter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get formatter status
         * @description Get formatter status
         */
        get: operations["formatter.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/global/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get global configuration
         * @description Retrieve the current global OpenCode configuration settings and preferences.
         */
        get: operations["global.config.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update global configuration
         * @description Update global OpenCode configuration settings and preferences.
         */
        patch: operations["global.config.update"];
        trace?: never;
    };
    "/global/dispose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dispose instance
         * @description Clean up and dispose all OpenCode instances, releasing all resources.
         */
        post: operations["global.dispose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/global/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get global events
         * @description Subscribe to global events from the OpenCode system using server-sent events.
         */
        get: operations["global.event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/global/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get health
         * @description Get health information about the OpenCode server.
         */
        get: operations["global.health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/global/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upgrade opencode
         * @description Upgrade opencode to the specified version.
         */
        post: operations["global.upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instance/dispose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dispose instance
         * @description Clean up and dispose the current OpenCode instance, releasing all resources.
         */
        post: operations["instance.dispose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write log
         * @description Write a log entry to the server logs with specified level and metadata.
         */
        post: operations["app.log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lsp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get LSP status
         * @description Get LSP server status
         */
        get: operations["lsp.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get MCP status
         * @description Get the status of all Model Context Protocol (MCP) servers.
         */
        get: operations["mcp.status"];
        put?: never;
        /**
         * Add MCP server
         * @description Dynamically add a new Model Context Protocol (MCP) server to the system.
         */
        post: operations["mcp.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp/{name}/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start MCP OAuth
         * @description Start OAuth authentication flow for a Model Context Protocol (MCP) server.
         */
        post: operations["mcp.auth.start"];
        /**
         * Remove MCP OAuth
         * @description Remove OAuth credentials for an MCP server.
         */
        delete: operations["mcp.auth.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp/{name}/auth/authenticate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Authenticate MCP OAuth
         * @description Start OAuth flow and wait for callback (opens browser).
         */
        post: operations["mcp.auth.authenticate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp/{name}/auth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete MCP OAuth
         * @description Complete OAuth authentication for a Model Context Protocol (MCP) server using the authorization code.
         */
        post: operations["mcp.auth.callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp/{name}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Connect an MCP server. */
        post: operations["mcp.connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/mcp/{name}/disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Disconnect an MCP server. */
        post: operations["mcp.disconnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/path": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get paths
         * @description Retrieve the current working directory and related path information for the OpenCode instance.
         */
        get: operations["path.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/permission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending permissions
         * @description Get all pending permission requests across all sessions.
         */
        get: operations["permission.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/permission/{requestID}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Respond to permission request
         * @description Approve or deny a permission request from the AI assistant.
         */
        post: operations["permission.reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all projects
         * @description Get a list of projects that have been opened with OpenCode.
         */
        get: operations["project.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project/{projectID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update project
         * @description Update project properties such as name, icon, and commands.
         */
        patch: operations["project.update"];
        trace?: never;
    };
    "/project/{projectID}/directories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List project directories
         * @description List known local absolute directories for a project.
         */
        get: operations["project.directories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get current project
         * @description Retrieve the currently active project that OpenCode is working with.
         */
        get: operations["project.current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project/git/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Initialize git repository
         * @description Create a git repository for the current project and return the refreshed project info.
         */
        post: operations["project.initGit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List providers
         * @description Get a list of all available AI providers, including both available and connected ones.
         */
        get: operations["provider.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/provider/{providerID}/oauth/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start OAuth authorization
         * @description Start the OAuth authorization flow for a provider.
         */
        post: operations["provider.oauth.authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/provider/{providerID}/oauth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Handle OAuth callback
         * @description Handle the OAuth callback from a provider after user authorization.
         */
        post: operations["provider.oauth.callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/provider/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get provider auth methods
         * @description Retrieve available authentication methods for all AI providers.
         */
        get: operations["provider.auth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List PTY sessions
         * @description Get a list of all active pseudo-terminal (PTY) sessions managed by OpenCode.
         */
        get: operations["pty.list"];
        put?: never;
        /**
         * Create PTY session
         * @description Create a new pseudo-terminal (PTY) session for running shell commands and processes.
         */
        post: operations["pty.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pty/{ptyID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get PTY session
         * @description Retrieve detailed information about a specific pseudo-terminal (PTY) session.
         */
        get: operations["pty.get"];
        /**
         * Update PTY session
         * @description Update properties of an existing pseudo-terminal (PTY) session.
         */
        put: operations["pty.update"];
        post?: never;
        /**
         * Remove PTY session
         * @description Remove and terminate a specific pseudo-terminal (PTY) session.
         */
        delete: operations["pty.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pty/{ptyID}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Connect to PTY session
         * @description Establish a WebSocket connection to interact with a pseudo-terminal (PTY) session in real-time.
         */
        get: operations["pty.connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pty/{ptyID}/connect-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create PTY WebSocket token
         * @description Create a short-lived ticket for opening a PTY WebSocket connection.
         */
        post: operations["pty.connectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pty/shells": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List available shells
         * @description Get a list of available shells on the system.
         */
        get: operations["pty.shells"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/question": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending questions
         * @description Get all pending question requests across all sessions.
         */
        get: operations["question.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/question/{requestID}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject question request
         * @description Reject a question request from the AI assistant.
         */
        post: operations["question.reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/question/{requestID}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reply to question request
         * @description Provide answers to a question request from the AI assistant.
         */
        post: operations["question.reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description Get a list of all OpenCode sessions, sorted by most recently updated.
         */
        get: operations["session.list"];
        put?: never;
        /**
         * Create session
         * @description Create a new OpenCode session for interacting with AI assistants and managing conversations.
         */
        post: operations["session.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session
         * @description Retrieve detailed information about a specific OpenCode session.
         */
        get: operations["session.get"];
        put?: never;
        post?: never;
        /**
         * Delete session
         * @description Delete a session and permanently remove all associated data, including messages and history.
         */
        delete: operations["session.delete"];
        options?: never;
        head?: never;
        /**
         * Update session
         * @description Update properties of an existing session, such as title or other metadata.
         */
        patch: operations["session.update"];
        trace?: never;
    };
    "/session/{sessionID}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Abort session
         * @description Abort an active session and stop any ongoing AI processing or command execution.
         */
        post: operations["session.abort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session children
         * @description Retrieve all child sessions that were forked from the specified parent session.
         */
        get: operations["session.children"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send command
         * @description Send a new command to a session for execution by the AI assistant.
         */
        post: operations["session.command"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get message diff
         * @description Get the file changes (diff) that resulted from a specific user message in the session.
         */
        get: operations["session.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fork session
         * @description Create a new session by forking an existing session at a specific message point.
         */
        post: operations["session.fork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Initialize session
         * @description Analyze the current application and create an AGENTS.md file with project-specific agent configurations.
         */
        post: operations["session.init"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session messages
         * @description Retrieve all messages in a session, including user prompts and AI responses.
         */
        get: operations["session.messages"];
        put?: never;
        /**
         * Send message
         * @description Create and send a new message to a session, streaming the AI response.
         */
        post: operations["session.prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/message/{messageID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get message
         * @description Retrieve a specific message from a session by its message ID.
         */
        get: operations["session.message"];
        put?: never;
        post?: never;
        /**
         * Delete message
         * @description Permanently delete a specific message and all of its parts from a session without reverting file changes.
         */
        delete: operations["session.deleteMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/message/{messageID}/part/{partID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Delete a part from a message. */
        delete: operations["part.delete"];
        options?: never;
        head?: never;
        /** @description Update a part in a message. */
        patch: operations["part.update"];
        trace?: never;
    };
    "/session/{sessionID}/permissions/{permissionID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Respond to permission
         * @deprecated
         * @description Approve or deny a permission request from the AI assistant.
         */
        post: operations["permission.respond"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/prompt_async": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send async message
         * @description Create and send a new message to a session asynchronously, starting the session if needed and returning immediately.
         */
        post: operations["session.prompt_async"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revert message
         * @description Revert a specific message in a session, undoing its effects and restoring the previous state.
         */
        post: operations["session.revert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/share": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Share session
         * @description Create a shareable link for a session, allowing others to view the conversation.
         */
        post: operations["session.share"];
        /**
         * Unshare session
         * @description Remove the shareable link for a session, making it private again.
         */
        delete: operations["session.unshare"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/shell": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run shell command
         * @description Execute a shell command within the session context and return the AI's response.
         */
        post: operations["session.shell"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/summarize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Summarize session
         * @description Generate a concise summary of the session using AI compaction to preserve key information.
         */
        post: operations["session.summarize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/todo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session todos
         * @description Retrieve the todo list associated with a specific session, showing tasks and action items.
         */
        get: operations["session.todo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/{sessionID}/unrevert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore reverted messages
         * @description Restore all previously reverted messages in a session.
         */
        post: operations["session.unrevert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get session status
         * @description Retrieve the current status of all sessions, including active, idle, and completed states.
         */
        get: operations["session.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/skill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List skills
         * @description Get a list of all available skills in the OpenCode system.
         */
        get: operations["app.skills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List sync events
         * @description List sync events for all aggregates. Keys are aggregate IDs the client already knows about, values are the last known sequence ID. Events with seq > value are returned for those aggregates. Aggregates not listed in the input get their full history.
         */
        post: operations["sync.history.list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay sync events
         * @description Validate and replay a complete sync event history.
         */
        post: operations["sync.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start workspace sync
         * @description Start sync loops for workspaces in the current project that have active sessions.
         */
        post: operations["sync.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync/steal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Steal session into workspace
         * @description Update a session to belong to the current workspace through the sync event system.
         */
        post: operations["sync.steal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/append-prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append TUI prompt
         * @description Append prompt to the TUI.
         */
        post: operations["tui.appendPrompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/clear-prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clear TUI prompt
         * @description Clear the prompt.
         */
        post: operations["tui.clearPrompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/control/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get next TUI request
         * @description Retrieve the next TUI request from the queue for processing.
         */
        get: operations["tui.control.next"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/control/response": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit TUI response
         * @description Submit a response to the TUI request queue to complete a pending request.
         */
        post: operations["tui.control.response"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/execute-command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Execute TUI command
         * @description Execute a TUI command.
         */
        post: operations["tui.executeCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/open-help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open help dialog
         * @description Open the help dialog in the TUI to display user assistance information.
         */
        post: operations["tui.openHelp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/open-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open models dialog
         * @description Open the model dialog.
         */
        post: operations["tui.openModels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/open-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open sessions dialog
         * @description Open the session dialog.
         */
        post: operations["tui.openSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/open-themes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open themes dialog
         * @description Open the theme dialog.
         */
        post: operations["tui.openThemes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish TUI event
         * @description Publish a TUI event.
         */
        post: operations["tui.publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/select-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Select session
         * @description Navigate the TUI to display the specified session.
         */
        post: operations["tui.selectSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/show-toast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show TUI toast
         * @description Show a toast notification in the TUI.
         */
        post: operations["tui.showToast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tui/submit-prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit TUI prompt
         * @description Submit the prompt.
         */
        post: operations["tui.submitPrompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vcs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get VCS info
         * @description Retrieve version control system (VCS) information for the current project, such as git branch.
         */
        get: operations["vcs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vcs/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply VCS patch
         * @description Apply a raw patch to the current working tree.
         */
        post: operations["vcs.apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vcs/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get VCS diff
         * @description Retrieve the current git diff for the working tree or against the default branch.
         */
        get: operations["vcs.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vcs/diff/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get raw VCS diff
         * @description Retrieve a raw patch for current uncommitted changes.
         */
        get: operations["vcs.diff.raw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/vcs/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get VCS status
         * @description Retrieve changed files in the current working tree without patches.
         */
        get: operations["vcs.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Agent: {
            color?: string;
            description?: string;
            hidden?: boolean;
            /** @enum {string} */
            mode: "subagent" | "primary" | "all";
            model?: {
                modelID: string;
                providerID: string;
            };
            name: string;
            native?: boolean;
            options: Record<string, unknown>;
            permission: components["schemas"]["PermissionRuleset"];
            prompt?: string;
            steps?: number;
            temperature?: number;
            topP?: number;
            variant?: string;
        };
        AgentColor: string | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");
        AgentConfig: {
            /** @description Hex color code (e.g., #FF5733) or theme color (e.g., primary) */
            color?: string | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");
            description?: string;
            disable?: boolean;
            hidden?: boolean;
            maxSteps?: number;
            /** @enum {string} */
            mode?: "subagent" | "primary" | "all";
            model?: string;
            options?: Record<string, unknown>;
            permission?: components["schemas"]["PermissionConfig"];
            prompt?: string;
            steps?: number;
            temperature?: number;
            tools?: {
                [key: string]: boolean;
            };
            top_p?: number;
            variant?: string;
        } & {
            [key: string]: unknown;
        };
        AgentPart: {
            id: string;
            messageID: string;
            name: string;
            sessionID: string;
            source?: {
                end: number;
                start: number;
                value: string;
            };
            /** @enum {string} */
            type: "agent";
        };
        AgentPartInput: {
            id?: string;
            name: string;
            source?: {
                end: number;
                start: number;
                value: string;
            };
            /** @enum {string} */
            type: "agent";
        };
        AgentV2Info: {
            color?: components["schemas"]["AgentColor"];
            description?: string;
            hidden: boolean;
            id: string;
            /** @enum {string} */
            mode: "subagent" | "primary" | "all";
            model?: components["schemas"]["ModelRef"];
            permissions: components["schemas"]["PermissionV2Ruleset"];
            request: components["schemas"]["ProviderRequest"];
            steps?: number;
            system?: string;
        };
        ApiAuth: {
            key: string;
            metadata?: {
                [key: string]: string;
            };
            /** @enum {string} */
            type: "api";
        };
        APIError: {
            data: {
                isRetryable: boolean;
                message: string;
                metadata?: {
                    [key: string]: string;
                };
                responseBody?: string;
                responseHeaders?: {
                    [key: string]: string;
                };
                statusCode?: number;
            };
            /** @enum {string} */
            name: "APIError";
        };
        AssistantMessage: {
            agent: string;
            cost: number;
            error?: components["schemas"]["ProviderAuthError"] | components["schemas"]["UnknownError"] | components["schemas"]["MessageOutputLengthError"] | components["schemas"]["MessageAbortedError"] | components["schemas"]["StructuredOutputError"] | components["schemas"]["ContextOverflowError"] | components["schemas"]["ContentFilterError"] | components["schemas"]["APIError"];
            finish?: string;
            id: string;
            mode: string;
            modelID: string;
            parentID: string;
            path: {
                cwd: string;
                root: string;
            };
            providerID: string;
            /** @enum {string} */
            role: "assistant";
            sessionID: string;
            structured?: unknown;
            summary?: boolean;
            time: {
                completed?: number;
                created: number;
            };
            tokens: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
                total?: number;
            };
            variant?: string;
        };
        AttachmentConfig: {
            image?: components["schemas"]["ImageAttachmentConfig"];
        };
        Auth: components["schemas"]["OAuth"] | components["schemas"]["ApiAuth"] | components["schemas"]["WellKnownAuth"];
        BadRequestError: {
            data: {
                /** @enum {string} */
                kind?: "Params" | "Headers" | "Query" | "Body" | "Payload";
                message: string;
            };
            /** @enum {string} */
            name: "BadRequest";
        };
        CatalogUpdated: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "catalog.updated";
        };
        Command: {
            agent?: string;
            description?: string;
            hints: string[];
            model?: string;
            name: string;
            /** @enum {string} */
            source?: "command" | "mcp" | "skill";
            subtask?: boolean;
            template: string;
        };
        CommandExecuted: {
            data: {
                arguments: string;
                messageID: string;
                name: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "command.executed";
        };
        CommandV2Info: {
            agent?: string;
            description?: string;
            model?: components["schemas"]["ModelRef"];
            name: string;
            subtask?: boolean;
            template: string;
        };
        CompactionPart: {
            auto: boolean;
            id: string;
            messageID: string;
            overflow?: boolean;
            sessionID: string;
            tail_start_id?: string;
            /** @enum {string} */
            type: "compaction";
        };
        Config: {
            $schema?: string;
            agent?: {
                build?: components["schemas"]["AgentConfig"];
                compaction?: components["schemas"]["AgentConfig"];
                explore?: components["schemas"]["AgentConfig"];
                general?: components["schemas"]["AgentConfig"];
                plan?: components["schemas"]["AgentConfig"];
                summary?: components["schemas"]["AgentConfig"];
                title?: components["schemas"]["AgentConfig"];
            } & {
                [key: string]: components["schemas"]["AgentConfig"];
            };
            attachment?: components["schemas"]["AttachmentConfig"];
            autoshare?: boolean;
            /** @description Automatically update to the latest version. Set to true to auto-update, false to disable, or 'notify' to show update notifications */
            autoupdate?: boolean | "notify";
            command?: {
                [key: string]: {
                    agent?: string;
                    description?: string;
                    model?: string;
                    subtask?: boolean;
                    template: string;
                    variant?: string;
                };
            };
            compaction?: {
                auto?: boolean;
                preserve_recent_tokens?: number;
                prune?: boolean;
                reserved?: number;
                tail_turns?: number;
            };
            default_agent?: string;
            disabled_providers?: string[];
            enabled_providers?: string[];
            enterprise?: {
                url?: string;
            };
            experimental?: {
                batch_tool?: boolean;
                continue_loop_on_deny?: boolean;
                disable_paste_summary?: boolean;
                mcp_timeout?: number;
                openTelemetry?: boolean;
                policies?: components["schemas"]["ConfigV2ExperimentalPolicy"][];
                primary_tools?: string[];
            };
            /** @description Enable or configure formatters. Omit or set to false to disable, true to enable built-ins, or an object to enable built-ins with overrides. */
            formatter?: boolean | {
                [key: string]: {
                    command?: string[];
                    disabled?: boolean;
                    environment?: {
                        [key: string]: string;
                    };
                    extensions?: string[];
                };
            };
            instructions?: string[];
            layout?: components["schemas"]["LayoutConfig"];
            logLevel?: components["schemas"]["LogLevel"];
            /** @description Enable or configure LSP servers. Omit or set to false to disable, true to enable built-ins, or an object to enable built-ins with overrides. */
            lsp?: boolean | {
                [key: string]: {
                    /** @enum {boolean} */
                    disabled: true;
                } | {
                    command: string[];
                    disabled?: boolean;
                    env?: {
                        [key: string]: string;
                    };
                    extensions?: string[];
                    initialization?: Record<string, unknown>;
                };
            };
            mcp?: {
                [key: string]: components["schemas"]["McpLocalConfig"] | components["schemas"]["McpRemoteConfig"] | {
                    enabled: boolean;
                };
            };
            mode?: {
                build?: components["schemas"]["AgentConfig"];
                plan?: components["schemas"]["AgentConfig"];
            } & {
                [key: string]: components["schemas"]["AgentConfig"];
            };
            model?: string;
            permission?: components["schemas"]["PermissionConfig"];
            plugin?: (string | [
                string,
                Record<string, unknown>
            ])[];
            provider?: {
                [key: string]: components["schemas"]["ProviderConfig"];
            };
            reference?: {
                [key: string]: string | components["schemas"]["ConfigV2ReferenceGit"] | components["schemas"]["ConfigV2ReferenceLocal"];
            };
            references?: {
                [key: string]: string | components["schemas"]["ConfigV2ReferenceGit"] | components["schemas"]["ConfigV2ReferenceLocal"];
            };
            server?: components["schemas"]["ServerConfig"];
            /** @enum {string} */
            share?: "manual" | "auto" | "disabled";
            shell?: string;
            skills?: {
                paths?: string[];
                urls?: string[];
            };
            small_model?: string;
            snapshot?: boolean;
            subagent_depth?: number;
            tool_output?: {
                max_bytes?: number;
                max_lines?: number;
            };
            tools?: {
                [key: string]: boolean;
            };
            username?: string;
            watcher?: {
                ignore?: string[];
            };
        };
        ConfigV2ExperimentalPolicy: {
            /** @enum {string} */
            action: "provider.use";
            effect: components["schemas"]["PolicyEffect"];
            resource: string;
        };
        ConfigV2ReferenceGit: {
            branch?: string;
            description?: string;
            hidden?: boolean;
            repository: string;
        };
        ConfigV2ReferenceLocal: {
            description?: string;
            hidden?: boolean;
            path: string;
        };
        ConflictError: {
            /** @enum {string} */
            _tag: "ConflictError";
            message: string;
            resource?: string;
        };
        ConnectionCredentialInfo: {
            id: string;
            label: string;
            /** @enum {string} */
            type: "credential";
        };
        ConnectionEnvInfo: {
            name: string;
            /** @enum {string} */
            type: "env";
        };
        ConnectionInfo: components["schemas"]["ConnectionCredentialInfo"] | components["schemas"]["ConnectionEnvInfo"];
        ConsoleState: {
            activeOrgName?: string;
            consoleManagedProviders: string[];
            switchableOrgCount: number;
        };
        ContentFilterError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "ContentFilterError";
        };
        ContextOverflowError: {
            data: {
                message: string;
                responseBody?: string;
            };
            /** @enum {string} */
            name: "ContextOverflowError";
        };
        CredentialKey: {
            key: string;
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "key";
        };
        CredentialOAuth: {
            access: string;
            expires: number;
            metadata?: Record<string, unknown>;
            methodID: string;
            refresh: string;
            /** @enum {string} */
            type: "oauth";
        };
        CredentialValue: components["schemas"]["CredentialOAuth"] | components["schemas"]["CredentialKey"];
        effect_HttpApiError_BadRequest: {
            /** @enum {string} */
            _tag: "BadRequest";
        };
        effect_HttpApiError_Forbidden: {
            /** @enum {string} */
            _tag: "Forbidden";
        };
        effect_HttpApiError_InternalServerError: {
            /** @enum {string} */
            _tag: "InternalServerError";
        };
        Event: components["schemas"]["EventModels-devRefreshed"] | components["schemas"]["EventIntegrationUpdated"] | components["schemas"]["EventIntegrationConnectionUpdated"] | components["schemas"]["EventCatalogUpdated"] | components["schemas"]["EventSessionCreated"] | components["schemas"]["EventSessionUpdated"] | components["schemas"]["EventSessionDeleted"] | components["schemas"]["EventMessageUpdated"] | components["schemas"]["EventMessageRemoved"] | components["schemas"]["EventMessagePartUpdated"] | components["schemas"]["EventMessagePartRemoved"] | components["schemas"]["EventSessionNextAgentSwitched"] | components["schemas"]["EventSessionNextModelSwitched"] | components["schemas"]["EventSessionNextMoved"] | components["schemas"]["EventSessionNextPrompted"] | components["schemas"]["EventSessionNextPromptAdmitted"] | components["schemas"]["EventSessionNextContextUpdated"] | components["schemas"]["EventSessionNextSynthetic"] | components["schemas"]["EventSessionNextShellStarted"] | components["schemas"]["EventSessionNextShellEnded"] | components["schemas"]["EventSessionNextStepStarted"] | components["schemas"]["EventSessionNextStepEnded"] | components["schemas"]["EventSessionNextStepFailed"] | components["schemas"]["EventSessionNextTextStarted"] | components["schemas"]["EventSessionNextTextDelta"] | components["schemas"]["EventSessionNextTextEnded"] | components["schemas"]["EventSessionNextReasoningStarted"] | components["schemas"]["EventSessionNextReasoningDelta"] | components["schemas"]["EventSessionNextReasoningEnded"] | components["schemas"]["EventSessionNextToolInputStarted"] | components["schemas"]["EventSessionNextToolInputDelta"] | components["schemas"]["EventSessionNextToolInputEnded"] | components["schemas"]["EventSessionNextToolCalled"] | components["schemas"]["EventSessionNextToolProgress"] | components["schemas"]["EventSessionNextToolSuccess"] | components["schemas"]["EventSessionNextToolFailed"] | components["schemas"]["EventSessionNextRetried"] | components["schemas"]["EventSessionNextCompactionStarted"] | components["schemas"]["EventSessionNextCompactionDelta"] | components["schemas"]["EventSessionNextCompactionEnded"] | components["schemas"]["EventSessionNextRevertStaged"] | components["schemas"]["EventSessionNextRevertCleared"] | components["schemas"]["EventSessionNextRevertCommitted"] | components["schemas"]["EventMessagePartDelta"] | components["schemas"]["EventSessionDiff"] | components["schemas"]["EventSessionError"] | components["schemas"]["EventInstallationUpdated"] | components["schemas"]["EventInstallationUpdate-available"] | components["schemas"]["EventFileEdited"] | components["schemas"]["EventReferenceUpdated"] | components["schemas"]["EventPermissionV2Asked"] | components["schemas"]["EventPermissionV2Replied"] | components["schemas"]["EventPluginAdded"] | components["schemas"]["EventProjectDirectoriesUpdated"] | components["schemas"]["EventFileWatcherUpdated"] | components["schemas"]["EventPtyCreated"] | components["schemas"]["EventPtyUpdated"] | components["schemas"]["EventPtyExited"] | components["schemas"]["EventPtyDeleted"] | components["schemas"]["EventQuestionV2Asked"] | components["schemas"]["EventQuestionV2Replied"] | components["schemas"]["EventQuestionV2Rejected"] | components["schemas"]["EventTodoUpdated"] | components["schemas"]["EventLspUpdated"] | components["schemas"]["EventPermissionAsked"] | components["schemas"]["EventPermissionReplied"] | components["schemas"]["Event.tui.prompt.append"] | components["schemas"]["Event.tui.command.execute"] | components["schemas"]["Event.tui.toast.show"] | components["schemas"]["Event.tui.session.select"] | components["schemas"]["EventMcpToolsChanged"] | components["schemas"]["EventMcpBrowserOpenFailed"] | components["schemas"]["EventCommandExecuted"] | components["schemas"]["EventProjectUpdated"] | components["schemas"]["EventSessionStatus"] | components["schemas"]["EventSessionIdle"] | components["schemas"]["EventQuestionAsked"] | components["schemas"]["EventQuestionReplied"] | components["schemas"]["EventQuestionRejected"] | components["schemas"]["EventSessionCompacted"] | components["schemas"]["EventVcsBranchUpdated"] | components["schemas"]["EventWorkspaceReady"] | components["schemas"]["EventWorkspaceFailed"] | components["schemas"]["EventWorkspaceStatus"] | components["schemas"]["EventWorktreeReady"] | components["schemas"]["EventWorktreeFailed"] | components["schemas"]["EventServerConnected"] | components["schemas"]["EventGlobalDisposed"] | components["schemas"]["EventServerInstanceDisposed"];
        "Event.tui.command.execute": {
            id: string;
            properties: {
                command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | string;
            };
            /** @enum {string} */
            type: "tui.command.execute";
        };
        "Event.tui.prompt.append": {
            id: string;
            properties: {
                text: string;
            };
            /** @enum {string} */
            type: "tui.prompt.append";
        };
        "Event.tui.session.select": {
            id: string;
            properties: {
                /** @description Session ID to navigate to */
                sessionID: string;
            };
            /** @enum {string} */
            type: "tui.session.select";
        };
        "Event.tui.toast.show": {
            id: string;
            properties: {
                duration?: number;
                message: string;
                title?: string;
                /** @enum {string} */
                variant: "info" | "success" | "warning" | "error";
            };
            /** @enum {string} */
            type: "tui.toast.show";
        };
        EventCatalogUpdated: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "catalog.updated";
        };
        EventCommandExecuted: {
            id: string;
            properties: {
                arguments: string;
                messageID: string;
                name: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "command.executed";
        };
        EventFileEdited: {
            id: string;
            properties: {
                file: string;
            };
            /** @enum {string} */
            type: "file.edited";
        };
        EventFileWatcherUpdated: {
            id: string;
            properties: {
                /** @enum {string} */
                event: "add" | "change" | "unlink";
                file: string;
            };
            /** @enum {string} */
            type: "file.watcher.updated";
        };
        EventGlobalDisposed: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "global.disposed";
        };
        "EventInstallationUpdate-available": {
            id: string;
            properties: {
                version: string;
            };
            /** @enum {string} */
            type: "installation.update-available";
        };
        EventInstallationUpdated: {
            id: string;
            properties: {
                version: string;
            };
            /** @enum {string} */
            type: "installation.updated";
        };
        EventIntegrationConnectionUpdated: {
            id: string;
            properties: {
                integrationID: string;
            };
            /** @enum {string} */
            type: "integration.connection.updated";
        };
        EventIntegrationUpdated: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "integration.updated";
        };
        EventLspUpdated: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "lsp.updated";
        };
        EventMcpBrowserOpenFailed: {
            id: string;
            properties: {
                mcpName: string;
                url: string;
            };
            /** @enum {string} */
            type: "mcp.browser.open.failed";
        };
        EventMcpToolsChanged: {
            id: string;
            properties: {
                server: string;
            };
            /** @enum {string} */
            type: "mcp.tools.changed";
        };
        EventMessagePartDelta: {
            id: string;
            properties: {
                delta: string;
                field: string;
                messageID: string;
                partID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "message.part.delta";
        };
        EventMessagePartRemoved: {
            id: string;
            properties: {
                messageID: string;
                partID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "message.part.removed";
        };
        EventMessagePartUpdated: {
            id: string;
            properties: {
                part: components["schemas"]["Part"];
                sessionID: string;
                time: number;
            };
            /** @enum {string} */
            type: "message.part.updated";
        };
        EventMessageRemoved: {
            id: string;
            properties: {
                messageID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "message.removed";
        };
        EventMessageUpdated: {
            id: string;
            properties: {
                info: components["schemas"]["Message"];
                sessionID: string;
            };
            /** @enum {string} */
            type: "message.updated";
        };
        "EventModels-devRefreshed": {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "models-dev.refreshed";
        };
        EventPermissionAsked: {
            id: string;
            properties: {
                always: string[];
                id: string;
                metadata: Record<string, unknown>;
                patterns: string[];
                permission: string;
                sessionID: string;
                tool?: {
                    callID: string;
                    messageID: string;
                };
            };
            /** @enum {string} */
            type: "permission.asked";
        };
        EventPermissionReplied: {
            id: string;
            properties: {
                /** @enum {string} */
                reply: "once" | "always" | "reject";
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "permission.replied";
        };
        EventPermissionV2Asked: {
            id: string;
            properties: {
                action: string;
                id: string;
                metadata?: Record<string, unknown>;
                resources: string[];
                save?: string[];
                sessionID: string;
                source?: components["schemas"]["PermissionV2Source"];
            };
            /** @enum {string} */
            type: "permission.v2.asked";
        };
        EventPermissionV2Replied: {
            id: string;
            properties: {
                reply: components["schemas"]["PermissionV2Reply"];
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "permission.v2.replied";
        };
        EventPluginAdded: {
            id: string;
            properties: {
                id: string;
            };
            /** @enum {string} */
            type: "plugin.added";
        };
        EventProjectDirectoriesUpdated: {
            id: string;
            properties: {
                projectID: string;
            };
            /** @enum {string} */
            type: "project.directories.updated";
        };
        EventProjectUpdated: {
            id: string;
            properties: {
                commands?: components["schemas"]["ProjectCommands"];
                icon?: components["schemas"]["ProjectIcon"];
                id: string;
                name?: string;
                sandboxes: string[];
                time: components["schemas"]["ProjectTime"];
                vcs?: components["schemas"]["ProjectVcs"];
                worktree: string;
            };
            /** @enum {string} */
            type: "project.updated";
        };
        EventPtyCreated: {
            id: string;
            properties: {
                info: components["schemas"]["Pty"];
            };
            /** @enum {string} */
            type: "pty.created";
        };
        EventPtyDeleted: {
            id: string;
            properties: {
                id: string;
            };
            /** @enum {string} */
            type: "pty.deleted";
        };
        EventPtyExited: {
            id: string;
            properties: {
                exitCode: number;
                id: string;
            };
            /** @enum {string} */
            type: "pty.exited";
        };
        EventPtyUpdated: {
            id: string;
            properties: {
                info: components["schemas"]["Pty"];
            };
            /** @enum {string} */
            type: "pty.updated";
        };
        EventQuestionAsked: {
            id: string;
            properties: {
                id: string;
                /** @description Questions to ask */
                questions: components["schemas"]["QuestionInfo"][];
                sessionID: string;
                tool?: components["schemas"]["QuestionTool"];
            };
            /** @enum {string} */
            type: "question.asked";
        };
        EventQuestionRejected: {
            id: string;
            properties: {
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "question.rejected";
        };
        EventQuestionReplied: {
            id: string;
            properties: {
                answers: components["schemas"]["QuestionAnswer"][];
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "question.replied";
        };
        EventQuestionV2Asked: {
            id: string;
            properties: {
                id: string;
                /** @description Questions to ask */
                questions: components["schemas"]["QuestionV2Info"][];
                sessionID: string;
                tool?: components["schemas"]["QuestionV2Tool"];
            };
            /** @enum {string} */
            type: "question.v2.asked";
        };
        EventQuestionV2Rejected: {
            id: string;
            properties: {
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "question.v2.rejected";
        };
        EventQuestionV2Replied: {
            id: string;
            properties: {
                answers: components["schemas"]["QuestionV2Answer"][];
                requestID: string;
                sessionID: string;
            };
            /** @enum {string} */
            type: "question.v2.replied";
        };
        EventReferenceUpdated: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "reference.updated";
        };
        EventServerConnected: {
            id: string;
            properties: Record<string, unknown>;
            /** @enum {string} */
            type: "server.connected";
        };
        EventServerInstanceDisposed: {
            id: string;
            properties: {
                directory: string;
            };
            /** @enum {string} */
            type: "server.instance.disposed";
        };
        EventSessionCompacted: {
            id: string;
            properties: {
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.compacted";
        };
        EventSessionCreated: {
            id: string;
            properties: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.created";
        };
        EventSessionDeleted: {
            id: string;
            properties: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.deleted";
        };
        EventSessionDiff: {
            id: string;
            properties: {
                diff: components["schemas"]["SnapshotFileDiff"][];
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.diff";
        };
        EventSessionError: {
            id: string;
            properties: {
                error?: components["schemas"]["ProviderAuthError"] | components["schemas"]["UnknownError"] | components["schemas"]["MessageOutputLengthError"] | components["schemas"]["MessageAbortedError"] | components["schemas"]["StructuredOutputError"] | components["schemas"]["ContextOverflowError"] | components["schemas"]["ContentFilterError"] | components["schemas"]["APIError"];
                sessionID?: string;
            };
            /** @enum {string} */
            type: "session.error";
        };
        EventSessionIdle: {
            id: string;
            properties: {
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.idle";
        };
        EventSessionNextAgentSwitched: {
            id: string;
            properties: {
                agent: string;
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.agent.switched";
        };
        EventSessionNextCompactionDelta: {
            id: string;
            properties: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.compaction.delta";
        };
        EventSessionNextCompactionEnded: {
            id: string;
            properties: {
                messageID: string;
                /** @enum {string} */
                reason: "auto" | "manual";
                recent: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.compaction.ended";
        };
        EventSessionNextCompactionStarted: {
            id: string;
            properties: {
                messageID: string;
                /** @enum {string} */
                reason: "auto" | "manual";
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.compaction.started";
        };
        EventSessionNextContextUpdated: {
            id: string;
            properties: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.context.updated";
        };
        EventSessionNextModelSwitched: {
            id: string;
            properties: {
                messageID: string;
                model: components["schemas"]["ModelRef"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.model.switched";
        };
        EventSessionNextMoved: {
            id: string;
            properties: {
                location: components["schemas"]["LocationRef"];
                sessionID: string;
                subdirectory?: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.moved";
        };
        EventSessionNextPromptAdmitted: {
            id: string;
            properties: {
                /** @enum {string} */
                delivery: "steer" | "queue";
                messageID: string;
                prompt: components["schemas"]["Prompt"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.prompt.admitted";
        };
        EventSessionNextPrompted: {
            id: string;
            properties: {
                /** @enum {string} */
                delivery: "steer" | "queue";
                messageID: string;
                prompt: components["schemas"]["Prompt"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.prompted";
        };
        EventSessionNextReasoningDelta: {
            id: string;
            properties: {
                assistantMessageID: string;
                delta: string;
                reasoningID: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.reasoning.delta";
        };
        EventSessionNextReasoningEnded: {
            id: string;
            properties: {
                assistantMessageID: string;
                providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                reasoningID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.reasoning.ended";
        };
        EventSessionNextReasoningStarted: {
            id: string;
            properties: {
                assistantMessageID: string;
                providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                reasoningID: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.reasoning.started";
        };
        EventSessionNextRetried: {
            id: string;
            properties: {
                attempt: number;
                error: components["schemas"]["SessionNextRetry_error"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.retried";
        };
        EventSessionNextRevertCleared: {
            id: string;
            properties: {
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.revert.cleared";
        };
        EventSessionNextRevertCommitted: {
            id: string;
            properties: {
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.revert.committed";
        };
        EventSessionNextRevertStaged: {
            id: string;
            properties: {
                revert: components["schemas"]["RevertState"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.revert.staged";
        };
        EventSessionNextShellEnded: {
            id: string;
            properties: {
                callID: string;
                output: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.shell.ended";
        };
        EventSessionNextShellStarted: {
            id: string;
            properties: {
                callID: string;
                command: string;
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.shell.started";
        };
        EventSessionNextStepEnded: {
            id: string;
            properties: {
                assistantMessageID: string;
                cost: number;
                files?: string[];
                finish: string;
                sessionID: string;
                snapshot?: string;
                timestamp: number;
                tokens: {
                    cache: {
                        read: number;
                        write: number;
                    };
                    input: number;
                    output: number;
                    reasoning: number;
                };
            };
            /** @enum {string} */
            type: "session.next.step.ended";
        };
        EventSessionNextStepFailed: {
            id: string;
            properties: {
                assistantMessageID: string;
                error: components["schemas"]["SessionErrorUnknown"];
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.step.failed";
        };
        EventSessionNextStepStarted: {
            id: string;
            properties: {
                agent: string;
                assistantMessageID: string;
                model: components["schemas"]["ModelRef"];
                sessionID: string;
                snapshot?: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.step.started";
        };
        EventSessionNextSynthetic: {
            id: string;
            properties: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.synthetic";
        };
        EventSessionNextTextDelta: {
            id: string;
            properties: {
                assistantMessageID: string;
                delta: string;
                sessionID: string;
                textID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.text.delta";
        };
        EventSessionNextTextEnded: {
            id: string;
            properties: {
                assistantMessageID: string;
                sessionID: string;
                text: string;
                textID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.text.ended";
        };
        EventSessionNextTextStarted: {
            id: string;
            properties: {
                assistantMessageID: string;
                sessionID: string;
                textID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.text.started";
        };
        EventSessionNextToolCalled: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                input: Record<string, unknown>;
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                sessionID: string;
                timestamp: number;
                tool: string;
            };
            /** @enum {string} */
            type: "session.next.tool.called";
        };
        EventSessionNextToolFailed: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                error: components["schemas"]["SessionErrorUnknown"];
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                result?: unknown;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.failed";
        };
        EventSessionNextToolInputDelta: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                delta: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.input.delta";
        };
        EventSessionNextToolInputEnded: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.input.ended";
        };
        EventSessionNextToolInputStarted: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                name: string;
                sessionID: string;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.input.started";
        };
        EventSessionNextToolProgress: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                content: components["schemas"]["LLMToolContent"][];
                sessionID: string;
                structured: Record<string, unknown>;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.progress";
        };
        EventSessionNextToolSuccess: {
            id: string;
            properties: {
                assistantMessageID: string;
                callID: string;
                content: components["schemas"]["LLMToolContent"][];
                outputPaths?: string[];
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                result?: unknown;
                sessionID: string;
                structured: Record<string, unknown>;
                timestamp: number;
            };
            /** @enum {string} */
            type: "session.next.tool.success";
        };
        EventSessionStatus: {
            id: string;
            properties: {
                sessionID: string;
                status: components["schemas"]["SessionStatus"];
            };
            /** @enum {string} */
            type: "session.status";
        };
        EventSessionUpdated: {
            id: string;
            properties: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            /** @enum {string} */
            type: "session.updated";
        };
        EventTodoUpdated: {
            id: string;
            properties: {
                sessionID: string;
                todos: components["schemas"]["Todo"][];
            };
            /** @enum {string} */
            type: "todo.updated";
        };
        EventTuiCommandExecute: {
            properties: {
                command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | string;
            };
            /** @enum {string} */
            type: "tui.command.execute";
        };
        EventTuiPromptAppend: {
            properties: {
                text: string;
            };
            /** @enum {string} */
            type: "tui.prompt.append";
        };
        EventTuiSessionSelect: {
            properties: {
                /** @description Session ID to navigate to */
                sessionID: string;
            };
            /** @enum {string} */
            type: "tui.session.select";
        };
        EventTuiToastShow: {
            properties: {
                duration?: number;
                message: string;
                title?: string;
                /** @enum {string} */
                variant: "info" | "success" | "warning" | "error";
            };
            /** @enum {string} */
            type: "tui.toast.show";
        };
        EventVcsBranchUpdated: {
            id: string;
            properties: {
                branch?: string;
            };
            /** @enum {string} */
            type: "vcs.branch.updated";
        };
        EventWorkspaceFailed: {
            id: string;
            properties: {
                message: string;
            };
            /** @enum {string} */
            type: "workspace.failed";
        };
        EventWorkspaceReady: {
            id: string;
            properties: {
                name: string;
            };
            /** @enum {string} */
            type: "workspace.ready";
        };
        EventWorkspaceStatus: {
            id: string;
            properties: {
                /** @enum {string} */
                status: "connected" | "connecting" | "disconnected" | "error";
                workspaceID: string;
            };
            /** @enum {string} */
            type: "workspace.status";
        };
        EventWorktreeFailed: {
            id: string;
            properties: {
                message: string;
            };
            /** @enum {string} */
            type: "worktree.failed";
        };
        EventWorktreeReady: {
            id: string;
            properties: {
                branch?: string;
                name: string;
            };
            /** @enum {string} */
            type: "worktree.ready";
        };
        ExperimentalCapabilities: {
            backgroundSubagents: boolean;
        };
        File: {
            added: number;
            path: string;
            removed: number;
            /** @enum {string} */
            status: "added" | "deleted" | "modified";
        };
        FileContent: {
            content: string;
            diff?: string;
            /** @enum {string} */
            encoding?: "base64";
            mimeType?: string;
            patch?: {
                hunks: {
                    lines: string[];
                    newLines: number;
                    newStart: number;
                    oldLines: number;
                    oldStart: number;
                }[];
                index?: string;
                newFileName: string;
                newHeader?: string;
                oldFileName: string;
                oldHeader?: string;
            };
            /** @enum {string} */
            type: "text" | "binary";
        };
        FileDiff: {
            additions: number;
            deletions: number;
            patch: string;
            path: string;
            /** @enum {string} */
            status: "added" | "modified" | "deleted";
        };
        FileEdited: {
            data: {
                file: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "file.edited";
        };
        FileNode: {
            absolute: string;
            ignored: boolean;
            name: string;
            path: string;
            /** @enum {string} */
            type: "file" | "directory";
        };
        FilePart: {
            filename?: string;
            id: string;
            messageID: string;
            mime: string;
            sessionID: string;
            source?: components["schemas"]["FilePartSource"];
            /** @enum {string} */
            type: "file";
            url: string;
        };
        FilePartInput: {
            filename?: string;
            id?: string;
            mime: string;
            source?: components["schemas"]["FilePartSource"];
            /** @enum {string} */
            type: "file";
            url: string;
        };
        FilePartSource: components["schemas"]["FileSource"] | components["schemas"]["SymbolSource"] | components["schemas"]["ResourceSource"];
        FilePartSourceText: {
            end: number;
            start: number;
            value: string;
        };
        FileSource: {
            path: string;
            text: components["schemas"]["FilePartSourceText"];
            /** @enum {string} */
            type: "file";
        };
        FileSystemEntry: {
            path: string;
            /** @enum {string} */
            type: "file" | "directory";
        };
        FileWatcherUpdated: {
            data: {
                /** @enum {string} */
                event: "add" | "change" | "unlink";
                file: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "file.watcher.updated";
        };
        ForbiddenError: {
            /** @enum {string} */
            _tag: "ForbiddenError";
            message: string;
        };
        FormatterStatus: {
            enabled: boolean;
            extensions: string[];
            name: string;
        };
        GlobalDisposed: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "global.disposed";
        };
        GlobalEvent: {
            directory: string;
            payload: {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "models-dev.refreshed";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "integration.updated";
            } | {
                id: string;
                properties: {
                    integrationID: string;
                };
                /** @enum {string} */
                type: "integration.connection.updated";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "catalog.updated";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.created";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.updated";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.deleted";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Message"];
                    sessionID: string;
                };
                /** @enum {string} */
                type: "message.updated";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "message.removed";
            } | {
                id: string;
                properties: {
                    part: components["schemas"]["Part"];
                    sessionID: string;
                    time: number;
                };
                /** @enum {string} */
                type: "message.part.updated";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    partID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "message.part.removed";
            } | {
                id: string;
                properties: {
                    agent: string;
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.agent.switched";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    model: components["schemas"]["ModelRef"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.model.switched";
            } | {
                id: string;
                properties: {
                    location: components["schemas"]["LocationRef"];
                    sessionID: string;
                    subdirectory?: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.moved";
            } | {
                id: string;
                properties: {
                    /** @enum {string} */
                    delivery: "steer" | "queue";
                    messageID: string;
                    prompt: components["schemas"]["Prompt"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.prompted";
            } | {
                id: string;
                properties: {
                    /** @enum {string} */
                    delivery: "steer" | "queue";
                    messageID: string;
                    prompt: components["schemas"]["Prompt"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.prompt.admitted";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.context.updated";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.synthetic";
            } | {
                id: string;
                properties: {
                    callID: string;
                    command: string;
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.shell.started";
            } | {
                id: string;
                properties: {
                    callID: string;
                    output: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.shell.ended";
            } | {
                id: string;
                properties: {
                    agent: string;
                    assistantMessageID: string;
                    model: components["schemas"]["ModelRef"];
                    sessionID: string;
                    snapshot?: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.step.started";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    cost: number;
                    files?: string[];
                    finish: string;
                    sessionID: string;
                    snapshot?: string;
                    timestamp: number;
                    tokens: {
                        cache: {
                            read: number;
                            write: number;
                        };
                        input: number;
                        output: number;
                        reasoning: number;
                    };
                };
                /** @enum {string} */
                type: "session.next.step.ended";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    error: components["schemas"]["SessionErrorUnknown"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.step.failed";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    sessionID: string;
                    textID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.text.started";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    delta: string;
                    sessionID: string;
                    textID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.text.delta";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    sessionID: string;
                    text: string;
                    textID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.text.ended";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                    reasoningID: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.reasoning.started";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    delta: string;
                    reasoningID: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.reasoning.delta";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                    reasoningID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.reasoning.ended";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    name: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.input.started";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    delta: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.input.delta";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.input.ended";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    input: Record<string, unknown>;
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    sessionID: string;
                    timestamp: number;
                    tool: string;
                };
                /** @enum {string} */
                type: "session.next.tool.called";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    content: components["schemas"]["LLMToolContent"][];
                    sessionID: string;
                    structured: Record<string, unknown>;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.progress";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    content: components["schemas"]["LLMToolContent"][];
                    outputPaths?: string[];
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    result?: unknown;
                    sessionID: string;
                    structured: Record<string, unknown>;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.success";
            } | {
                id: string;
                properties: {
                    assistantMessageID: string;
                    callID: string;
                    error: components["schemas"]["SessionErrorUnknown"];
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    result?: unknown;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.tool.failed";
            } | {
                id: string;
                properties: {
                    attempt: number;
                    error: components["schemas"]["SessionNextRetry_error"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.retried";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    /** @enum {string} */
                    reason: "auto" | "manual";
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.compaction.started";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.compaction.delta";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    /** @enum {string} */
                    reason: "auto" | "manual";
                    recent: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.compaction.ended";
            } | {
                id: string;
                properties: {
                    revert: components["schemas"]["RevertState"];
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.revert.staged";
            } | {
                id: string;
                properties: {
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.revert.cleared";
            } | {
                id: string;
                properties: {
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                /** @enum {string} */
                type: "session.next.revert.committed";
            } | {
                id: string;
                properties: {
                    delta: string;
                    field: string;
                    messageID: string;
                    partID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "message.part.delta";
            } | {
                id: string;
                properties: {
                    diff: components["schemas"]["SnapshotFileDiff"][];
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.diff";
            } | {
                id: string;
                properties: {
                    error?: components["schemas"]["ProviderAuthError"] | components["schemas"]["UnknownError"] | components["schemas"]["MessageOutputLengthError"] | components["schemas"]["MessageAbortedError"] | components["schemas"]["StructuredOutputError"] | components["schemas"]["ContextOverflowError"] | components["schemas"]["ContentFilterError"] | components["schemas"]["APIError"];
                    sessionID?: string;
                };
                /** @enum {string} */
                type: "session.error";
            } | {
                id: string;
                properties: {
                    version: string;
                };
                /** @enum {string} */
                type: "installation.updated";
            } | {
                id: string;
                properties: {
                    version: string;
                };
                /** @enum {string} */
                type: "installation.update-available";
            } | {
                id: string;
                properties: {
                    file: string;
                };
                /** @enum {string} */
                type: "file.edited";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "reference.updated";
            } | {
                id: string;
                properties: {
                    action: string;
                    id: string;
                    metadata?: Record<string, unknown>;
                    resources: string[];
                    save?: string[];
                    sessionID: string;
                    source?: components["schemas"]["PermissionV2Source"];
                };
                /** @enum {string} */
                type: "permission.v2.asked";
            } | {
                id: string;
                properties: {
                    reply: components["schemas"]["PermissionV2Reply"];
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "permission.v2.replied";
            } | {
                id: string;
                properties: {
                    id: string;
                };
                /** @enum {string} */
                type: "plugin.added";
            } | {
                id: string;
                properties: {
                    projectID: string;
                };
                /** @enum {string} */
                type: "project.directories.updated";
            } | {
                id: string;
                properties: {
                    /** @enum {string} */
                    event: "add" | "change" | "unlink";
                    file: string;
                };
                /** @enum {string} */
                type: "file.watcher.updated";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Pty"];
                };
                /** @enum {string} */
                type: "pty.created";
            } | {
                id: string;
                properties: {
                    info: components["schemas"]["Pty"];
                };
                /** @enum {string} */
                type: "pty.updated";
            } | {
                id: string;
                properties: {
                    exitCode: number;
                    id: string;
                };
                /** @enum {string} */
                type: "pty.exited";
            } | {
                id: string;
                properties: {
                    id: string;
                };
                /** @enum {string} */
                type: "pty.deleted";
            } | {
                id: string;
                properties: {
                    id: string;
                    /** @description Questions to ask */
                    questions: components["schemas"]["QuestionV2Info"][];
                    sessionID: string;
                    tool?: components["schemas"]["QuestionV2Tool"];
                };
                /** @enum {string} */
                type: "question.v2.asked";
            } | {
                id: string;
                properties: {
                    answers: components["schemas"]["QuestionV2Answer"][];
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "question.v2.replied";
            } | {
                id: string;
                properties: {
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "question.v2.rejected";
            } | {
                id: string;
                properties: {
                    sessionID: string;
                    todos: components["schemas"]["Todo"][];
                };
                /** @enum {string} */
                type: "todo.updated";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "lsp.updated";
            } | {
                id: string;
                properties: {
                    always: string[];
                    id: string;
                    metadata: Record<string, unknown>;
                    patterns: string[];
                    permission: string;
                    sessionID: string;
                    tool?: {
                        callID: string;
                        messageID: string;
                    };
                };
                /** @enum {string} */
                type: "permission.asked";
            } | {
                id: string;
                properties: {
                    /** @enum {string} */
                    reply: "once" | "always" | "reject";
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "permission.replied";
            } | {
                id: string;
                properties: {
                    text: string;
                };
                /** @enum {string} */
                type: "tui.prompt.append";
            } | {
                id: string;
                properties: {
                    command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | string;
                };
                /** @enum {string} */
                type: "tui.command.execute";
            } | {
                id: string;
                properties: {
                    duration?: number;
                    message: string;
                    title?: string;
                    /** @enum {string} */
                    variant: "info" | "success" | "warning" | "error";
                };
                /** @enum {string} */
                type: "tui.toast.show";
            } | {
                id: string;
                properties: {
                    /** @description Session ID to navigate to */
                    sessionID: string;
                };
                /** @enum {string} */
                type: "tui.session.select";
            } | {
                id: string;
                properties: {
                    server: string;
                };
                /** @enum {string} */
                type: "mcp.tools.changed";
            } | {
                id: string;
                properties: {
                    mcpName: string;
                    url: string;
                };
                /** @enum {string} */
                type: "mcp.browser.open.failed";
            } | {
                id: string;
                properties: {
                    arguments: string;
                    messageID: string;
                    name: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "command.executed";
            } | {
                id: string;
                properties: {
                    commands?: components["schemas"]["ProjectCommands"];
                    icon?: components["schemas"]["ProjectIcon"];
                    id: string;
                    name?: string;
                    sandboxes: string[];
                    time: components["schemas"]["ProjectTime"];
                    vcs?: components["schemas"]["ProjectVcs"];
                    worktree: string;
                };
                /** @enum {string} */
                type: "project.updated";
            } | {
                id: string;
                properties: {
                    sessionID: string;
                    status: components["schemas"]["SessionStatus"];
                };
                /** @enum {string} */
                type: "session.status";
            } | {
                id: string;
                properties: {
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.idle";
            } | {
                id: string;
                properties: {
                    id: string;
                    /** @description Questions to ask */
                    questions: components["schemas"]["QuestionInfo"][];
                    sessionID: string;
                    tool?: components["schemas"]["QuestionTool"];
                };
                /** @enum {string} */
                type: "question.asked";
            } | {
                id: string;
                properties: {
                    answers: components["schemas"]["QuestionAnswer"][];
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "question.replied";
            } | {
                id: string;
                properties: {
                    requestID: string;
                    sessionID: string;
                };
                /** @enum {string} */
                type: "question.rejected";
            } | {
                id: string;
                properties: {
                    sessionID: string;
                };
                /** @enum {string} */
                type: "session.compacted";
            } | {
                id: string;
                properties: {
                    branch?: string;
                };
                /** @enum {string} */
                type: "vcs.branch.updated";
            } | {
                id: string;
                properties: {
                    name: string;
                };
                /** @enum {string} */
                type: "workspace.ready";
            } | {
                id: string;
                properties: {
                    message: string;
                };
                /** @enum {string} */
                type: "workspace.failed";
            } | {
                id: string;
                properties: {
                    /** @enum {string} */
                    status: "connected" | "connecting" | "disconnected" | "error";
                    workspaceID: string;
                };
                /** @enum {string} */
                type: "workspace.status";
            } | {
                id: string;
                properties: {
                    branch?: string;
                    name: string;
                };
                /** @enum {string} */
                type: "worktree.ready";
            } | {
                id: string;
                properties: {
                    message: string;
                };
                /** @enum {string} */
                type: "worktree.failed";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "server.connected";
            } | {
                id: string;
                properties: Record<string, unknown>;
                /** @enum {string} */
                type: "global.disposed";
            } | components["schemas"]["EventServerInstanceDisposed"] | components["schemas"]["SyncEventSessionCreated"] | components["schemas"]["SyncEventSessionUpdated"] | components["schemas"]["SyncEventSessionDeleted"] | components["schemas"]["SyncEventMessageUpdated"] | components["schemas"]["SyncEventMessageRemoved"] | components["schemas"]["SyncEventMessagePartUpdated"] | components["schemas"]["SyncEventMessagePartRemoved"] | components["schemas"]["SyncEventSessionNextAgentSwitched"] | components["schemas"]["SyncEventSessionNextModelSwitched"] | components["schemas"]["SyncEventSessionNextMoved"] | components["schemas"]["SyncEventSessionNextPrompted"] | components["schemas"]["SyncEventSessionNextPromptAdmitted"] | components["schemas"]["SyncEventSessionNextContextUpdated"] | components["schemas"]["SyncEventSessionNextSynthetic"] | components["schemas"]["SyncEventSessionNextShellStarted"] | components["schemas"]["SyncEventSessionNextShellEnded"] | components["schemas"]["SyncEventSessionNextStepStarted"] | components["schemas"]["SyncEventSessionNextStepEnded"] | components["schemas"]["SyncEventSessionNextStepFailed"] | components["schemas"]["SyncEventSessionNextTextStarted"] | components["schemas"]["SyncEventSessionNextTextEnded"] | components["schemas"]["SyncEventSessionNextReasoningStarted"] | components["schemas"]["SyncEventSessionNextReasoningEnded"] | components["schemas"]["SyncEventSessionNextToolInputStarted"] | components["schemas"]["SyncEventSessionNextToolInputEnded"] | components["schemas"]["SyncEventSessionNextToolCalled"] | components["schemas"]["SyncEventSessionNextToolProgress"] | components["schemas"]["SyncEventSessionNextToolSuccess"] | components["schemas"]["SyncEventSessionNextToolFailed"] | components["schemas"]["SyncEventSessionNextRetried"] | components["schemas"]["SyncEventSessionNextCompactionStarted"] | components["schemas"]["SyncEventSessionNextCompactionEnded"] | components["schemas"]["SyncEventSessionNextRevertStaged"] | components["schemas"]["SyncEventSessionNextRevertCleared"] | components["schemas"]["SyncEventSessionNextRevertCommitted"];
            project?: string;
            workspace?: string;
        };
        GlobalSession: {
            agent?: string;
            cost?: number;
            directory: string;
            id: string;
            metadata?: Record<string, unknown>;
            model?: {
                id: string;
                providerID: string;
                variant?: string;
            };
            parentID?: string;
            path?: string;
            permission?: components["schemas"]["PermissionRuleset"];
            project: components["schemas"]["ProjectSummary"] | null;
            projectID: string;
            revert?: {
                diff?: string;
                messageID: string;
                partID?: string;
                snapshot?: string;
            };
            share?: {
                url: string;
            };
            slug: string;
            summary?: {
                additions: number;
                deletions: number;
                diffs?: components["schemas"]["SnapshotFileDiff"][];
                files: number;
            };
            time: {
                archived?: number;
                compacting?: number;
                created: number;
                updated: number;
            };
            title: string;
            tokens?: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
            };
            version: string;
            workspaceID?: string;
        };
        ImageAttachmentConfig: {
            auto_resize?: boolean;
            max_base64_bytes?: number;
            max_height?: number;
            max_width?: number;
        };
        "InstallationUpdate-available": {
            data: {
                version: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "installation.update-available";
        };
        InstallationUpdated: {
            data: {
                version: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "installation.updated";
        };
        IntegrationAttempt: {
            attemptID: string;
            instructions: string;
            /** @enum {string} */
            mode: "auto" | "code";
            time: {
                created: number;
                expires: number;
            };
            url: string;
        };
        IntegrationAttemptStatus: {
            /** @enum {string} */
            status: "pending";
            time: {
                created: number;
                expires: number;
            };
        } | {
            /** @enum {string} */
            status: "complete";
            time: {
                created: number;
                expires: number;
            };
        } | {
            message: string;
            /** @enum {string} */
            status: "failed";
            time: {
                created: number;
                expires: number;
            };
        } | {
            /** @enum {string} */
            status: "expired";
            time: {
                created: number;
                expires: number;
            };
        };
        IntegrationConnectionUpdated: {
            data: {
                integrationID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "integration.connection.updated";
        };
        IntegrationEnvMethod: {
            names: string[];
            /** @enum {string} */
            type: "env";
        };
        IntegrationInfo: {
            connections: components["schemas"]["ConnectionInfo"][];
            id: string;
            methods: components["schemas"]["IntegrationMethod"][];
            name: string;
        };
        IntegrationInputs: {
            [key: string]: string;
        };
        IntegrationKeyMethod: {
            label?: string;
            /** @enum {string} */
            type: "key";
        };
        IntegrationMethod: components["schemas"]["IntegrationOAuthMethod"] | components["schemas"]["IntegrationKeyMethod"] | components["schemas"]["IntegrationEnvMethod"];
        IntegrationOAuthMethod: {
            id: string;
            label: string;
            prompts?: (components["schemas"]["IntegrationTextPrompt"] | components["schemas"]["IntegrationSelectPrompt"])[];
            /** @enum {string} */
            type: "oauth";
        };
        IntegrationRef: {
            id: string;
            name: string;
        };
        IntegrationSelectPrompt: {
            key: string;
            message: string;
            options: {
                hint?: string;
                label: string;
                value: string;
            }[];
            /** @enum {string} */
            type: "select";
            when?: components["schemas"]["IntegrationWhen"];
        };
        IntegrationTextPrompt: {
            key: string;
            message: string;
            placeholder?: string;
            /** @enum {string} */
            type: "text";
            when?: components["schemas"]["IntegrationWhen"];
        };
        IntegrationUpdated: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "integration.updated";
        };
        IntegrationWhen: {
            key: string;
            /** @enum {string} */
            op: "eq" | "neq";
            value: string;
        };
        InvalidCursorError: {
            /** @enum {string} */
            _tag: "InvalidCursorError";
            message: string;
        };
        InvalidRequestError: {
            /** @enum {string} */
            _tag: "InvalidRequestError";
            field?: string;
            kind?: string;
            message: string;
        };
        JSONSchema: Record<string, unknown>;
        /**
         * @description @deprecated Always uses stretch layout.
         * @enum {string}
         */
        LayoutConfig: "auto" | "stretch";
        LLMProviderMetadata: {
            [key: string]: Record<string, unknown>;
        };
        LLMToolContent: components["schemas"]["ToolTextContent"] | components["schemas"]["ToolFileContent"];
        LocationInfo: {
            directory: string;
            project: {
                directory: string;
                id: string;
            };
            workspaceID?: string;
        };
        LocationRef: {
            directory: string;
            workspaceID?: string;
        };
        /**
         * @description Log level
         * @enum {string}
         */
        LogLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
        LSPStatus: {
            id: string;
            name: string;
            root: string;
            /** @enum {string} */
            status: "connected" | "error";
        };
        LspUpdated: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "lsp.updated";
        };
        McpBrowserOpenFailed: {
            data: {
                mcpName: string;
                url: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "mcp.browser.open.failed";
        };
        McpLocalConfig: {
            /** @description Command and arguments to run the MCP server */
            command: string[];
            cwd?: string;
            enabled?: boolean;
            environment?: {
                [key: string]: string;
            };
            timeout?: number;
            /**
             * @description Type of MCP server connection
             * @enum {string}
             */
            type: "local";
        };
        McpOAuthConfig: {
            callbackPort?: number;
            clientId?: string;
            clientSecret?: string;
            redirectUri?: string;
            scope?: string;
        };
        McpRemoteConfig: {
            enabled?: boolean;
            headers?: {
                [key: string]: string;
            };
            /** @description OAuth authentication configuration for the MCP server. Set to false to disable OAuth auto-detection. */
            oauth?: components["schemas"]["McpOAuthConfig"] | false;
            timeout?: number;
            /**
             * @description Type of MCP server connection
             * @enum {string}
             */
            type: "remote";
            /** @description URL of the remote MCP server */
            url: string;
        };
        McpResource: {
            client: string;
            description?: string;
            mimeType?: string;
            name: string;
            uri: string;
        };
        McpServerNotFoundError: {
            /** @enum {string} */
            _tag: "McpServerNotFoundError";
            message: string;
            name: string;
        };
        MCPStatus: components["schemas"]["MCPStatusConnected"] | components["schemas"]["MCPStatusDisabled"] | components["schemas"]["MCPStatusFailed"] | components["schemas"]["MCPStatusNeedsAuth"] | components["schemas"]["MCPStatusNeedsClientRegistration"];
        MCPStatusConnected: {
            /** @enum {string} */
            status: "connected";
        };
        MCPStatusDisabled: {
            /** @enum {string} */
            status: "disabled";
        };
        MCPStatusFailed: {
            error: string;
            /** @enum {string} */
            status: "failed";
        };
        MCPStatusNeedsAuth: {
            /** @enum {string} */
            status: "needs_auth";
        };
        MCPStatusNeedsClientRegistration: {
            error: string;
            /** @enum {string} */
            status: "needs_client_registration";
        };
        McpToolsChanged: {
            data: {
                server: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "mcp.tools.changed";
        };
        McpUnsupportedOAuthError: {
            error: string;
        };
        Message: components["schemas"]["UserMessage"] | components["schemas"]["AssistantMessage"];
        MessageAbortedError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "MessageAbortedError";
        };
        MessageNotFoundError: {
            /** @enum {string} */
            _tag: "MessageNotFoundError";
            message: string;
            messageID: string;
            sessionID: string;
        };
        MessageOutputLengthError: {
            data: Record<string, unknown>;
            /** @enum {string} */
            name: "MessageOutputLengthError";
        };
        MessagePartDelta: {
            data: {
                delta: string;
                field: string;
                messageID: string;
                partID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "message.part.delta";
        };
        MessagePartRemoved: {
            data: {
                messageID: string;
                partID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "message.part.removed";
        };
        MessagePartUpdated: {
            data: {
                part: components["schemas"]["Part"];
                sessionID: string;
                time: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "message.part.updated";
        };
        MessageRemoved: {
            data: {
                messageID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "message.removed";
        };
        MessageUpdated: {
            data: {
                info: components["schemas"]["Message"];
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "message.updated";
        };
        Model: {
            api: {
                id: string;
                npm: string;
                url: string;
            };
            capabilities: {
                attachment: boolean;
                input: {
                    audio: boolean;
                    image: boolean;
                    pdf: boolean;
                    text: boolean;
                    video: boolean;
                };
                interleaved: boolean | {
                    field: ("reasoning" | "reasoning_content" | "reasoning_text") | string;
                };
                output: {
                    audio: boolean;
                    image: boolean;
                    pdf: boolean;
                    text: boolean;
                    video: boolean;
                };
                reasoning: boolean;
                temperature: boolean;
                toolcall: boolean;
            };
            cost: {
                cache: {
                    read: number;
                    write: number;
                };
                experimentalOver200K?: {
                    cache: {
                        read: number;
                        write: number;
                    };
                    input: number;
                    output: number;
                };
                input: number;
                output: number;
                tiers?: {
                    cache: {
                        read: number;
                        write: number;
                    };
                    input: number;
                    output: number;
                    tier: {
                        size: number;
                        /** @enum {string} */
                        type: "context";
                    };
                }[];
            };
            family?: string;
            headers: {
                [key: string]: string;
            };
            id: string;
            limit: {
                context: number;
                input?: number;
                output: number;
            };
            name: string;
            options: Record<string, unknown>;
            providerID: string;
            release_date: string;
            /** @enum {string} */
            status: "alpha" | "beta" | "deprecated" | "active";
            variants?: {
                [key: string]: Record<string, unknown>;
            };
        };
        ModelApi: {
            id: string;
            package: string;
            settings?: Record<string, unknown>;
            /** @enum {string} */
            type: "aisdk";
            url?: string;
        } | {
            id: string;
            settings: Record<string, unknown>;
            /** @enum {string} */
            type: "native";
            url?: string;
        };
        ModelCapabilities: {
            input: string[];
            output: string[];
            tools: boolean;
        };
        ModelCost: {
            cache: {
                read: number;
                write: number;
            };
            input: number;
            output: number;
            tier?: {
                size: number;
                /** @enum {string} */
                type: "context";
            };
        };
        ModelRef: {
            id: string;
            providerID: string;
            variant?: string;
        };
        "Models-devRefreshed": {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "models-dev.refreshed";
        };
        ModelV2Info: {
            api: components["schemas"]["ModelApi"];
            capabilities: components["schemas"]["ModelCapabilities"];
            cost: components["schemas"]["ModelCost"][];
            enabled: boolean;
            family?: string;
            id: string;
            limit: {
                context: number;
                input?: number;
                output: number;
            };
            name: string;
            providerID: string;
            request: {
                body: Record<string, unknown>;
                headers: {
                    [key: string]: string;
                };
                variant?: string;
            };
            /** @enum {string} */
            status: "alpha" | "beta" | "deprecated" | "active";
            time: {
                released: number;
            };
            variants: {
                body: Record<string, unknown>;
                headers: {
                    [key: string]: string;
                };
                id: string;
            }[];
        };
        MoveSessionDestination: {
            directory: string;
        };
        MoveSessionError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "MoveSessionError";
        };
        NotFoundError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "NotFoundError";
        };
        OAuth: {
            access: string;
            accountId?: string;
            enterpriseUrl?: string;
            expires: number;
            refresh: string;
            /** @enum {string} */
            type: "oauth";
        };
        OutputFormat: components["schemas"]["OutputFormatText"] | components["schemas"]["OutputFormatJsonSchema"];
        OutputFormat1: {
            /** @enum {string} */
            type: "text";
        } | {
            retryCount?: number;
            schema: components["schemas"]["JSONSchema"];
            /** @enum {string} */
            type: "json_schema";
        };
        OutputFormatJsonSchema: {
            retryCount?: number;
            schema: components["schemas"]["JSONSchema"];
            /** @enum {string} */
            type: "json_schema";
        };
        OutputFormatText: {
            /** @enum {string} */
            type: "text";
        };
        Part: components["schemas"]["TextPart"] | components["schemas"]["SubtaskPart"] | components["schemas"]["ReasoningPart"] | components["schemas"]["FilePart"] | components["schemas"]["ToolPart"] | components["schemas"]["StepStartPart"] | components["schemas"]["StepFinishPart"] | components["schemas"]["SnapshotPart"] | components["schemas"]["PatchPart"] | components["schemas"]["AgentPart"] | components["schemas"]["RetryPart"] | components["schemas"]["CompactionPart"];
        PatchPart: {
            files: string[];
            hash: string;
            id: string;
            messageID: string;
            sessionID: string;
            /** @enum {string} */
            type: "patch";
        };
        Path: {
            config: string;
            directory: string;
            home: string;
            state: string;
            worktree: string;
        };
        /** @enum {string} */
        PermissionAction: "allow" | "deny" | "ask";
        /** @enum {string} */
        PermissionActionConfig: "ask" | "allow" | "deny";
        PermissionAsked: {
            data: {
                always: string[];
                id: string;
                metadata: Record<string, unknown>;
                patterns: string[];
                permission: string;
                sessionID: string;
                tool?: {
                    callID: string;
                    messageID: string;
                };
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "permission.asked";
        };
        PermissionConfig: components["schemas"]["PermissionActionConfig"] | ({
            bash?: components["schemas"]["PermissionRuleConfig"];
            doom_loop?: components["schemas"]["PermissionActionConfig"];
            edit?: components["schemas"]["PermissionRuleConfig"];
            external_directory?: components["schemas"]["PermissionRuleConfig"];
            glob?: components["schemas"]["PermissionRuleConfig"];
            grep?: components["schemas"]["PermissionRuleConfig"];
            list?: components["schemas"]["PermissionRuleConfig"];
            lsp?: components["schemas"]["PermissionRuleConfig"];
            question?: components["schemas"]["PermissionActionConfig"];
            read?: components["schemas"]["PermissionRuleConfig"];
            skill?: components["schemas"]["PermissionRuleConfig"];
            task?: components["schemas"]["PermissionRuleConfig"];
            todowrite?: components["schemas"]["PermissionActionConfig"];
            webfetch?: components["schemas"]["PermissionActionConfig"];
            websearch?: components["schemas"]["PermissionActionConfig"];
        } & {
            [key: string]: components["schemas"]["PermissionRuleConfig"];
        });
        PermissionNotFoundError: {
            /** @enum {string} */
            _tag: "PermissionNotFoundError";
            message: string;
            requestID: string;
        };
        PermissionObjectConfig: {
            [key: string]: components["schemas"]["PermissionActionConfig"];
        };
        PermissionReplied: {
            data: {
                /** @enum {string} */
                reply: "once" | "always" | "reject";
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "permission.replied";
        };
        PermissionRequest: {
            always: string[];
            id: string;
            metadata: Record<string, unknown>;
            patterns: string[];
            permission: string;
            sessionID: string;
            tool?: {
                callID: string;
                messageID: string;
            };
        };
        PermissionRule: {
            action: components["schemas"]["PermissionAction"];
            pattern: string;
            permission: string;
        };
        PermissionRuleConfig: components["schemas"]["PermissionActionConfig"] | components["schemas"]["PermissionObjectConfig"];
        PermissionRuleset: components["schemas"]["PermissionRule"][];
        PermissionSavedInfo: {
            action: string;
            id: string;
            projectID: string;
            resource: string;
        };
        PermissionV2Asked: {
            data: {
                action: string;
                id: string;
                metadata?: Record<string, unknown>;
                resources: string[];
                save?: string[];
                sessionID: string;
                source?: components["schemas"]["PermissionV2Source"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "permission.v2.asked";
        };
        /** @enum {string} */
        PermissionV2Effect: "allow" | "deny" | "ask";
        PermissionV2Replied: {
            data: {
                reply: components["schemas"]["PermissionV2Reply"];
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "permission.v2.replied";
        };
        /** @enum {string} */
        PermissionV2Reply: "once" | "always" | "reject";
        PermissionV2Request: {
            action: string;
            id: string;
            metadata?: Record<string, unknown>;
            resources: string[];
            save?: string[];
            sessionID: string;
            source?: components["schemas"]["PermissionV2Source"];
        };
        PermissionV2Rule: {
            action: string;
            effect: components["schemas"]["PermissionV2Effect"];
            resource: string;
        };
        PermissionV2Ruleset: components["schemas"]["PermissionV2Rule"][];
        PermissionV2Source: {
            callID: string;
            messageID: string;
            /** @enum {string} */
            type: "tool";
        };
        PluginAdded: {
            data: {
                id: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "plugin.added";
        };
        /** @enum {string} */
        PolicyEffect: "allow" | "deny";
        Project: {
            commands?: components["schemas"]["ProjectCommands"];
            icon?: components["schemas"]["ProjectIcon"];
            id: string;
            name?: string;
            sandboxes: string[];
            time: components["schemas"]["ProjectTime"];
            vcs?: components["schemas"]["ProjectVcs"];
            worktree: string;
        };
        ProjectCommands: {
            /** @description Startup script to run when creating a new workspace (worktree) */
            start?: string;
        };
        ProjectCopyCopy: {
            directory: string;
        };
        ProjectCopyError: {
            data: {
                forceRequired?: boolean;
                message: string;
            };
            /** @enum {string} */
            name: "ProjectCopyError";
        };
        ProjectDirectories: {
            directory: string;
            strategy?: string;
        }[];
        ProjectDirectoriesUpdated: {
            data: {
                projectID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "project.directories.updated";
        };
        ProjectIcon: {
            color?: string;
            override?: string;
            url?: string;
        };
        ProjectNotFoundError: {
            /** @enum {string} */
            _tag: "ProjectNotFoundError";
            message: string;
            projectID: string;
        };
        ProjectSummary: {
            id: string;
            name?: string;
            worktree: string;
        };
        ProjectTime: {
            created: number;
            initialized?: number;
            updated: number;
        };
        ProjectUpdated: {
            data: {
                commands?: components["schemas"]["ProjectCommands"];
                icon?: components["schemas"]["ProjectIcon"];
                id: string;
                name?: string;
                sandboxes: string[];
                time: components["schemas"]["ProjectTime"];
                vcs?: components["schemas"]["ProjectVcs"];
                worktree: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "project.updated";
        };
        /** @enum {string} */
        ProjectVcs: "git";
        Prompt: {
            agents?: components["schemas"]["PromptAgentAttachment"][];
            files?: components["schemas"]["PromptFileAttachment"][];
            text: string;
        };
        PromptAgentAttachment: {
            name: string;
            source?: components["schemas"]["PromptSource"];
        };
        PromptFileAttachment: {
            description?: string;
            mime: string;
            name?: string;
            source?: components["schemas"]["PromptSource"];
            uri: string;
        };
        PromptInput: {
            agents?: components["schemas"]["PromptAgentAttachment"][];
            files?: components["schemas"]["PromptInputFileAttachment"][];
            text: string;
        };
        PromptInputFileAttachment: {
            description?: string;
            name?: string;
            source?: components["schemas"]["PromptSource"];
            uri: string;
        };
        PromptSource: {
            end: number;
            start: number;
            text: string;
        };
        Provider: {
            env: string[];
            id: string;
            key?: string;
            models: {
                [key: string]: components["schemas"]["Model"];
            };
            name: string;
            options: Record<string, unknown>;
            /** @enum {string} */
            source: "env" | "config" | "custom" | "api";
        };
        ProviderAISDK: {
            package: string;
            settings?: Record<string, unknown>;
            /** @enum {string} */
            type: "aisdk";
            url?: string;
        };
        ProviderApi: components["schemas"]["ProviderAISDK"] | components["schemas"]["ProviderNative"];
        ProviderAuthAuthorization: {
            instructions: string;
            /** @enum {string} */
            method: "auto" | "code";
            url: string;
        };
        ProviderAuthError: {
            data: {
                message: string;
                providerID: string;
            };
            /** @enum {string} */
            name: "ProviderAuthError";
        };
        ProviderAuthError1: {
            data: {
                field?: string;
                kind?: string;
                message?: string;
                providerID?: string;
            };
            /** @enum {string} */
            name: "BadRequest" | "ProviderAuthOauthMissing" | "ProviderAuthOauthCodeMissing" | "ProviderAuthOauthCallbackFailed" | "ProviderAuthValidationFailed";
        };
        ProviderAuthMethod: {
            label: string;
            prompts?: ({
                key: string;
                message: string;
                placeholder?: string;
                /** @enum {string} */
                type: "text";
                when?: {
                    key: string;
                    /** @enum {string} */
                    op: "eq" | "neq";
                    value: string;
                };
            } | {
                key: string;
                message: string;
                options: {
                    hint?: string;
                    label: string;
                    value: string;
                }[];
                /** @enum {string} */
                type: "select";
                when?: {
                    key: string;
                    /** @enum {string} */
                    op: "eq" | "neq";
                    value: string;
                };
            })[];
            /** @enum {string} */
            type: "oauth" | "api";
        };
        ProviderConfig: {
            api?: string;
            blacklist?: string[];
            env?: string[];
            id?: string;
            models?: {
                [key: string]: {
                    attachment?: boolean;
                    cost?: {
                        cache_read?: number;
                        cache_write?: number;
                        context_over_200k?: {
                            cache_read?: number;
                            cache_write?: number;
                            input: number;
                            output: number;
                        };
                        input: number;
                        output: number;
                    };
                    experimental?: boolean;
                    family?: string;
                    headers?: {
                        [key: string]: string;
                    };
                    id?: string;
                    interleaved?: boolean | ("reasoning" | "reasoning_content" | "reasoning_text") | string | {
                        field: ("reasoning" | "reasoning_content" | "reasoning_text") | string;
                    };
                    limit?: {
                        context: number;
                        input?: number;
                        output: number;
                    };
                    modalities?: {
                        input?: ("text" | "audio" | "image" | "video" | "pdf")[];
                        output?: ("text" | "audio" | "image" | "video" | "pdf")[];
                    };
                    name?: string;
                    options?: Record<string, unknown>;
                    provider?: {
                        api?: string;
                        npm?: string;
                    };
                    reasoning?: boolean;
                    release_date?: string;
                    /** @enum {string} */
                    status?: "alpha" | "beta" | "deprecated" | "active";
                    temperature?: boolean;
                    tool_call?: boolean;
                    /** @description Variant-specific configuration */
                    variants?: {
                        [key: string]: {
                            disabled?: boolean;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            name?: string;
            npm?: string;
            options?: {
                apiKey?: string;
                baseURL?: string;
                /** @description Timeout in milliseconds between streamed SSE chunks for this provider (default: 300000). If no chunk arrives within this window, the request is aborted. Set to false to disable timeout. */
                chunkTimeout?: number | false;
                enterpriseUrl?: string;
                /** @description Timeout in milliseconds to wait for response headers (default: 300000). Set to false to disable timeout. */
                headerTimeout?: number | false;
                setCacheKey?: boolean;
                /** @description Timeout in milliseconds for full requests to this provider. Set to false to disable timeout. */
                timeout?: number | false;
            } & {
                [key: string]: unknown;
            };
            whitelist?: string[];
        };
        ProviderNative: {
            settings: Record<string, unknown>;
            /** @enum {string} */
            type: "native";
            url?: string;
        };
        ProviderNotFoundError: {
            /** @enum {string} */
            _tag: "ProviderNotFoundError";
            message: string;
            providerID: string;
        };
        ProviderRequest: {
            body: Record<string, unknown>;
            headers: {
                [key: string]: string;
            };
        };
        ProviderV2Info: {
            api: components["schemas"]["ProviderApi"];
            disabled?: boolean;
            id: string;
            integrationID?: string;
            name: string;
            request: components["schemas"]["ProviderRequest"];
        };
        Pty: {
            args: string[];
            command: string;
            cwd: string;
            exitCode?: number;
            id: string;
            pid: number;
            /** @enum {string} */
            status: "running" | "exited";
            title: string;
        };
        PtyCreated: {
            data: {
                info: components["schemas"]["Pty"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "pty.created";
        };
        PtyDeleted: {
            data: {
                id: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "pty.deleted";
        };
        PtyExited: {
            data: {
                exitCode: number;
                id: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "pty.exited";
        };
        PtyForbiddenError: {
            /** @enum {string} */
            _tag: "PtyForbiddenError";
            message: string;
        };
        PtyNotFoundError: {
            /** @enum {string} */
            _tag: "PtyNotFoundError";
            message: string;
            ptyID: string;
        };
        PtyTicketConnectToken: {
            expires_in: number;
            ticket: string;
        };
        PtyUpdated: {
            data: {
                info: components["schemas"]["Pty"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "pty.updated";
        };
        "question.rejected": {
            data: {
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.rejected";
        };
        "question.replied": {
            data: {
                answers: components["schemas"]["QuestionAnswer"][];
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.replied";
        };
        QuestionAnswer: string[];
        QuestionAsked: {
            data: {
                id: string;
                /** @description Questions to ask */
                questions: components["schemas"]["QuestionInfo"][];
                sessionID: string;
                tool?: components["schemas"]["QuestionTool"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.asked";
        };
        QuestionInfo: {
            custom?: boolean;
            /** @description Very short label (max 30 chars) */
            header: string;
            multiple?: boolean;
            /** @description Available choices */
            options: components["schemas"]["QuestionOption"][];
            /** @description Complete question */
            question: string;
        };
        QuestionNotFoundError: {
            /** @enum {string} */
            _tag: "QuestionNotFoundError";
            message: string;
            requestID: string;
        };
        QuestionOption: {
            /** @description Explanation of choice */
            description: string;
            /** @description Display text (1-5 words, concise) */
            label: string;
        };
        QuestionRejected: {
            requestID: string;
            sessionID: string;
        };
        QuestionReplied: {
            answers: components["schemas"]["QuestionAnswer"][];
            requestID: string;
            sessionID: string;
        };
        QuestionRequest: {
            id: string;
            /** @description Questions to ask */
            questions: components["schemas"]["QuestionInfo"][];
            sessionID: string;
            tool?: components["schemas"]["QuestionTool"];
        };
        QuestionTool: {
            callID: string;
            messageID: string;
        };
        QuestionV2Answer: string[];
        QuestionV2Asked: {
            data: {
                id: string;
                /** @description Questions to ask */
                questions: components["schemas"]["QuestionV2Info"][];
                sessionID: string;
                tool?: components["schemas"]["QuestionV2Tool"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.v2.asked";
        };
        QuestionV2Info: {
            custom?: boolean;
            /** @description Very short label (max 30 chars) */
            header: string;
            multiple?: boolean;
            /** @description Available choices */
            options: components["schemas"]["QuestionV2Option"][];
            /** @description Complete question */
            question: string;
        };
        QuestionV2Option: {
            /** @description Explanation of choice */
            description: string;
            /** @description Display text (1-5 words, concise) */
            label: string;
        };
        QuestionV2Rejected: {
            data: {
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.v2.rejected";
        };
        QuestionV2Replied: {
            data: {
                answers: components["schemas"]["QuestionV2Answer"][];
                requestID: string;
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "question.v2.replied";
        };
        QuestionV2Reply: {
            /** @description User answers in order of questions (each answer is an array of selected labels) */
            answers: components["schemas"]["QuestionV2Answer"][];
        };
        QuestionV2Request: {
            id: string;
            /** @description Questions to ask */
            questions: components["schemas"]["QuestionV2Info"][];
            sessionID: string;
            tool?: components["schemas"]["QuestionV2Tool"];
        };
        QuestionV2Tool: {
            callID: string;
            messageID: string;
        };
        Range: {
            end: {
                character: number;
                line: number;
            };
            start: {
                character: number;
                line: number;
            };
        };
        ReasoningPart: {
            id: string;
            messageID: string;
            metadata?: Record<string, unknown>;
            sessionID: string;
            text: string;
            time: {
                end?: number;
                start: number;
            };
            /** @enum {string} */
            type: "reasoning";
        };
        ReferenceGitSource: {
            branch?: string;
            description?: string;
            hidden?: boolean;
            repository: string;
            /** @enum {string} */
            type: "git";
        };
        ReferenceInfo: {
            description?: string;
            hidden?: boolean;
            name: string;
            path: string;
            source: components["schemas"]["ReferenceSource"];
        };
        ReferenceLocalSource: {
            description?: string;
            hidden?: boolean;
            path: string;
            /** @enum {string} */
            type: "local";
        };
        ReferenceSource: components["schemas"]["ReferenceLocalSource"] | components["schemas"]["ReferenceGitSource"];
        ReferenceUpdated: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "reference.updated";
        };
        ResourceSource: {
            clientName: string;
            text: components["schemas"]["FilePartSourceText"];
            /** @enum {string} */
            type: "resource";
            uri: string;
        };
        RetryPart: {
            attempt: number;
            error: components["schemas"]["APIError"];
            id: string;
            messageID: string;
            sessionID: string;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "retry";
        };
        RevertState: {
            diff?: string;
            files?: components["schemas"]["FileDiff"][];
            messageID: string;
            partID?: string;
            snapshot?: string;
        };
        /** @description Server configuration for opencode serve and web commands */
        ServerConfig: {
            cors?: string[];
            hostname?: string;
            mdns?: boolean;
            mdnsDomain?: string;
            port?: number;
        };
        ServerConnected: {
            data: Record<string, unknown>;
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "server.connected";
        };
        ServiceUnavailableError: {
            /** @enum {string} */
            _tag: "ServiceUnavailableError";
            message: string;
            service?: string;
        };
        Session: {
            agent?: string;
            cost?: number;
            directory: string;
            id: string;
            metadata?: Record<string, unknown>;
            model?: {
                id: string;
                providerID: string;
                variant?: string;
            };
            parentID?: string;
            path?: string;
            permission?: components["schemas"]["PermissionRuleset"];
            projectID: string;
            revert?: {
                diff?: string;
                messageID: string;
                partID?: string;
                snapshot?: string;
            };
            share?: {
                url: string;
            };
            slug: string;
            summary?: {
                additions: number;
                deletions: number;
                diffs?: components["schemas"]["SnapshotFileDiff"][];
                files: number;
            };
            time: {
                archived?: number;
                compacting?: number;
                created: number;
                updated: number;
            };
            title: string;
            tokens?: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
            };
            version: string;
            workspaceID?: string;
        };
        "session.status": {
            data: {
                sessionID: string;
                status: components["schemas"]["SessionStatus"];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.status";
        };
        SessionActive: {
            /** @enum {string} */
            type: "running";
        };
        SessionBusyError: {
            /** @enum {string} */
            _tag: "SessionBusyError";
            message: string;
            sessionID: string;
        };
        SessionCompacted: {
            data: {
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.compacted";
        };
        SessionCreated: {
            data: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.created";
        };
        SessionDeleted: {
            data: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.deleted";
        };
        SessionDiff: {
            data: {
                diff: components["schemas"]["SnapshotFileDiff"][];
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.diff";
        };
        SessionDurableEvent: components["schemas"]["SessionNextAgentSwitched"] | components["schemas"]["SessionNextModelSwitched"] | components["schemas"]["SessionNextMoved"] | components["schemas"]["SessionNextPrompted"] | components["schemas"]["SessionNextPromptAdmitted"] | components["schemas"]["SessionNextContextUpdated"] | components["schemas"]["SessionNextSynthetic"] | components["schemas"]["SessionNextShellStarted"] | components["schemas"]["SessionNextShellEnded"] | components["schemas"]["SessionNextStepStarted"] | components["schemas"]["SessionNextStepEnded"] | components["schemas"]["SessionNextStepFailed"] | components["schemas"]["SessionNextTextStarted"] | components["schemas"]["SessionNextTextEnded"] | components["schemas"]["SessionNextToolInputStarted"] | components["schemas"]["SessionNextToolInputEnded"] | components["schemas"]["SessionNextToolCalled"] | components["schemas"]["SessionNextToolProgress"] | components["schemas"]["SessionNextToolSuccess"] | components["schemas"]["SessionNextToolFailed"] | components["schemas"]["SessionNextReasoningStarted"] | components["schemas"]["SessionNextReasoningEnded"] | components["schemas"]["SessionNextRetried"] | components["schemas"]["SessionNextCompactionStarted"] | components["schemas"]["SessionNextCompactionEnded"] | components["schemas"]["SessionNextRevertStaged"] | components["schemas"]["SessionNextRevertCleared"] | components["schemas"]["SessionNextRevertCommitted"];
        SessionDurableEventStream: string;
        SessionError: {
            data: {
                error?: components["schemas"]["ProviderAuthError"] | components["schemas"]["UnknownError"] | components["schemas"]["MessageOutputLengthError"] | components["schemas"]["MessageAbortedError"] | components["schemas"]["StructuredOutputError"] | components["schemas"]["ContextOverflowError"] | components["schemas"]["ContentFilterError"] | components["schemas"]["APIError"];
                sessionID?: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.error";
        };
        SessionErrorUnknown: {
            message: string;
            /** @enum {string} */
            type: "unknown";
        };
        SessionHistory: {
            data: components["schemas"]["SessionDurableEvent"][];
            hasMore: boolean;
        };
        SessionIdle: {
            data: {
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.idle";
        };
        SessionInputAdmitted: {
            admittedSeq: number;
            /** @enum {string} */
            delivery: "steer" | "queue";
            id: string;
            promotedSeq?: number;
            prompt: components["schemas"]["Prompt"];
            sessionID: string;
            timeCreated: number;
        };
        SessionMessage: components["schemas"]["SessionMessageAgentSwitched"] | components["schemas"]["SessionMessageModelSwitched"] | components["schemas"]["SessionMessageUser"] | components["schemas"]["SessionMessageSynthetic"] | components["schemas"]["SessionMessageSystem"] | components["schemas"]["SessionMessageShell"] | components["schemas"]["SessionMessageAssistant"] | components["schemas"]["SessionMessageCompaction"];
        SessionMessageAgentSwitched: {
            agent: string;
            id: string;
            metadata?: Record<string, unknown>;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "agent-switched";
        };
        SessionMessageAssistant: {
            agent: string;
            content: (components["schemas"]["SessionMessageAssistantText"] | components["schemas"]["SessionMessageAssistantReasoning"] | components["schemas"]["SessionMessageAssistantTool"])[];
            cost?: number;
            error?: components["schemas"]["SessionErrorUnknown"];
            finish?: string;
            id: string;
            metadata?: Record<string, unknown>;
            model: components["schemas"]["ModelRef"];
            snapshot?: {
                end?: string;
                files?: string[];
                start?: string;
            };
            time: {
                completed?: number;
                created: number;
            };
            tokens?: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
            };
            /** @enum {string} */
            type: "assistant";
        };
        SessionMessageAssistantReasoning: {
            id: string;
            providerMetadata?: components["schemas"]["LLMProviderMetadata"];
            text: string;
            time?: {
                completed?: number;
                created: number;
            };
            /** @enum {string} */
            type: "reasoning";
        };
        SessionMessageAssistantText: {
            id: string;
            text: string;
            /** @enum {string} */
            type: "text";
        };
        SessionMessageAssistantTool: {
            id: string;
            name: string;
            provider?: {
                executed: boolean;
                metadata?: components["schemas"]["LLMProviderMetadata"];
                resultMetadata?: components["schemas"]["LLMProviderMetadata"];
            };
            state: components["schemas"]["SessionMessageToolStatePending"] | components["schemas"]["SessionMessageToolStateRunning"] | components["schemas"]["SessionMessageToolStateCompleted"] | components["schemas"]["SessionMessageToolStateError"];
            time: {
                completed?: number;
                created: number;
                pruned?: number;
                ran?: number;
            };
            /** @enum {string} */
            type: "tool";
        };
        SessionMessageCompaction: {
            id: string;
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            reason: "auto" | "manual";
            recent: string;
            summary: string;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "compaction";
        };
        SessionMessageModelSwitched: {
            id: string;
            metadata?: Record<string, unknown>;
            model: components["schemas"]["ModelRef"];
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "model-switched";
        };
        SessionMessageShell: {
            callID: string;
            command: string;
            id: string;
            metadata?: Record<string, unknown>;
            output: string;
            time: {
                completed?: number;
                created: number;
            };
            /** @enum {string} */
            type: "shell";
        };
        SessionMessagesResponse: {
            cursor: {
                next?: string;
                previous?: string;
            };
            data: components["schemas"]["SessionMessage"][];
        };
        SessionMessageSynthetic: {
            id: string;
            metadata?: Record<string, unknown>;
            sessionID: string;
            text: string;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "synthetic";
        };
        SessionMessageSystem: {
            id: string;
            metadata?: Record<string, unknown>;
            text: string;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "system";
        };
        SessionMessageToolStateCompleted: {
            attachments?: components["schemas"]["PromptFileAttachment"][];
            content: components["schemas"]["LLMToolContent"][];
            input: Record<string, unknown>;
            outputPaths?: string[];
            result?: unknown;
            /** @enum {string} */
            status: "completed";
            structured: Record<string, unknown>;
        };
        SessionMessageToolStateError: {
            content: components["schemas"]["LLMToolContent"][];
            error: components["schemas"]["SessionErrorUnknown"];
            input: Record<string, unknown>;
            result?: unknown;
            /** @enum {string} */
            status: "error";
            structured: Record<string, unknown>;
        };
        SessionMessageToolStatePending: {
            input: string;
            /** @enum {string} */
            status: "pending";
        };
        SessionMessageToolStateRunning: {
            content: components["schemas"]["LLMToolContent"][];
            input: Record<string, unknown>;
            /** @enum {string} */
            status: "running";
            structured: Record<string, unknown>;
        };
        SessionMessageUser: {
            agents?: components["schemas"]["PromptAgentAttachment"][];
            files?: components["schemas"]["PromptFileAttachment"][];
            id: string;
            metadata?: Record<string, unknown>;
            text: string;
            time: {
                created: number;
            };
            /** @enum {string} */
            type: "user";
        };
        SessionNextAgentSwitched: {
            data: {
                agent: string;
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.agent.switched";
        };
        SessionNextCompactionDelta: {
            data: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.compaction.delta";
        };
        SessionNextCompactionEnded: {
            data: {
                messageID: string;
                /** @enum {string} */
                reason: "auto" | "manual";
                recent: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.compaction.ended";
        };
        SessionNextCompactionStarted: {
            data: {
                messageID: string;
                /** @enum {string} */
                reason: "auto" | "manual";
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.compaction.started";
        };
        SessionNextContextUpdated: {
            data: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.context.updated";
        };
        SessionNextModelSwitched: {
            data: {
                messageID: string;
                model: components["schemas"]["ModelRef"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.model.switched";
        };
        SessionNextMoved: {
            data: {
                location: components["schemas"]["LocationRef"];
                sessionID: string;
                subdirectory?: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.moved";
        };
        SessionNextPromptAdmitted: {
            data: {
                /** @enum {string} */
                delivery: "steer" | "queue";
                messageID: string;
                prompt: components["schemas"]["Prompt"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.prompt.admitted";
        };
        SessionNextPrompted: {
            data: {
                /** @enum {string} */
                delivery: "steer" | "queue";
                messageID: string;
                prompt: components["schemas"]["Prompt"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.prompted";
        };
        SessionNextReasoningDelta: {
            data: {
                assistantMessageID: string;
                delta: string;
                reasoningID: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.reasoning.delta";
        };
        SessionNextReasoningEnded: {
            data: {
                assistantMessageID: string;
                providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                reasoningID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.reasoning.ended";
        };
        SessionNextReasoningStarted: {
            data: {
                assistantMessageID: string;
                providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                reasoningID: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.reasoning.started";
        };
        SessionNextRetried: {
            data: {
                attempt: number;
                error: components["schemas"]["SessionNextRetry_error"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.retried";
        };
        SessionNextRetry_error: {
            isRetryable: boolean;
            message: string;
            metadata?: {
                [key: string]: string;
            };
            responseBody?: string;
            responseHeaders?: {
                [key: string]: string;
            };
            statusCode?: number;
        };
        SessionNextRevertCleared: {
            data: {
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.revert.cleared";
        };
        SessionNextRevertCommitted: {
            data: {
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.revert.committed";
        };
        SessionNextRevertStaged: {
            data: {
                revert: components["schemas"]["RevertState"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.revert.staged";
        };
        SessionNextShellEnded: {
            data: {
                callID: string;
                output: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.shell.ended";
        };
        SessionNextShellStarted: {
            data: {
                callID: string;
                command: string;
                messageID: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.shell.started";
        };
        SessionNextStepEnded: {
            data: {
                assistantMessageID: string;
                cost: number;
                files?: string[];
                finish: string;
                sessionID: string;
                snapshot?: string;
                timestamp: number;
                tokens: {
                    cache: {
                        read: number;
                        write: number;
                    };
                    input: number;
                    output: number;
                    reasoning: number;
                };
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.step.ended";
        };
        SessionNextStepFailed: {
            data: {
                assistantMessageID: string;
                error: components["schemas"]["SessionErrorUnknown"];
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.step.failed";
        };
        SessionNextStepStarted: {
            data: {
                agent: string;
                assistantMessageID: string;
                model: components["schemas"]["ModelRef"];
                sessionID: string;
                snapshot?: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.step.started";
        };
        SessionNextSynthetic: {
            data: {
                messageID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.synthetic";
        };
        SessionNextTextDelta: {
            data: {
                assistantMessageID: string;
                delta: string;
                sessionID: string;
                textID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.text.delta";
        };
        SessionNextTextEnded: {
            data: {
                assistantMessageID: string;
                sessionID: string;
                text: string;
                textID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.text.ended";
        };
        SessionNextTextStarted: {
            data: {
                assistantMessageID: string;
                sessionID: string;
                textID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.text.started";
        };
        SessionNextToolCalled: {
            data: {
                assistantMessageID: string;
                callID: string;
                input: Record<string, unknown>;
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                sessionID: string;
                timestamp: number;
                tool: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.called";
        };
        SessionNextToolFailed: {
            data: {
                assistantMessageID: string;
                callID: string;
                error: components["schemas"]["SessionErrorUnknown"];
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                result?: unknown;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.failed";
        };
        SessionNextToolInputDelta: {
            data: {
                assistantMessageID: string;
                callID: string;
                delta: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.input.delta";
        };
        SessionNextToolInputEnded: {
            data: {
                assistantMessageID: string;
                callID: string;
                sessionID: string;
                text: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.input.ended";
        };
        SessionNextToolInputStarted: {
            data: {
                assistantMessageID: string;
                callID: string;
                name: string;
                sessionID: string;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.input.started";
        };
        SessionNextToolProgress: {
            data: {
                assistantMessageID: string;
                callID: string;
                content: components["schemas"]["LLMToolContent"][];
                sessionID: string;
                structured: Record<string, unknown>;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.progress";
        };
        SessionNextToolSuccess: {
            data: {
                assistantMessageID: string;
                callID: string;
                content: components["schemas"]["LLMToolContent"][];
                outputPaths?: string[];
                provider: {
                    executed: boolean;
                    metadata?: components["schemas"]["LLMProviderMetadata"];
                };
                result?: unknown;
                sessionID: string;
                structured: Record<string, unknown>;
                timestamp: number;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.next.tool.success";
        };
        SessionNotFoundError: {
            /** @enum {string} */
            _tag: "SessionNotFoundError";
            message: string;
            sessionID: string;
        };
        SessionsResponse: {
            cursor: {
                next?: string;
                previous?: string;
            };
            data: components["schemas"]["SessionV2Info"][];
        };
        SessionStatus: {
            /** @enum {string} */
            type: "idle";
        } | {
            action?: {
                label: string;
                link?: string;
                message: string;
                provider: string;
                reason: string;
                title: string;
            };
            attempt: number;
            message: string;
            next: number;
            /** @enum {string} */
            type: "retry";
        } | {
            /** @enum {string} */
            type: "busy";
        };
        SessionUpdated: {
            data: {
                info: components["schemas"]["Session"];
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "session.updated";
        };
        SessionV2Info: {
            agent?: string;
            cost: number;
            id: string;
            location: components["schemas"]["LocationRef"];
            model?: components["schemas"]["ModelRef"];
            parentID?: string;
            projectID: string;
            revert?: components["schemas"]["RevertState"];
            subpath?: string;
            time: {
                archived?: number;
                created: number;
                updated: number;
            };
            title: string;
            tokens: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
            };
        };
        SkillV2DirectorySource: {
            path: string;
            /** @enum {string} */
            type: "directory";
        };
        SkillV2EmbeddedSource: {
            skill: components["schemas"]["SkillV2Info"];
            /** @enum {string} */
            type: "embedded";
        };
        SkillV2Info: {
            content: string;
            description?: string;
            location: string;
            name: string;
            slash?: boolean;
        };
        SkillV2Source: components["schemas"]["SkillV2DirectorySource"] | components["schemas"]["SkillV2UrlSource"] | components["schemas"]["SkillV2EmbeddedSource"];
        SkillV2UrlSource: {
            /** @enum {string} */
            type: "url";
            url: string;
        };
        SnapshotFileDiff: {
            additions: number;
            deletions: number;
            file?: string;
            patch?: string;
            /** @enum {string} */
            status?: "added" | "deleted" | "modified";
        };
        SnapshotPart: {
            id: string;
            messageID: string;
            sessionID: string;
            snapshot: string;
            /** @enum {string} */
            type: "snapshot";
        };
        StepFinishPart: {
            cost: number;
            id: string;
            messageID: string;
            reason: string;
            sessionID: string;
            snapshot?: string;
            tokens: {
                cache: {
                    read: number;
                    write: number;
                };
                input: number;
                output: number;
                reasoning: number;
                total?: number;
            };
            /** @enum {string} */
            type: "step-finish";
        };
        StepStartPart: {
            id: string;
            messageID: string;
            sessionID: string;
            snapshot?: string;
            /** @enum {string} */
            type: "step-start";
        };
        StructuredOutputError: {
            data: {
                message: string;
                retries: number;
            };
            /** @enum {string} */
            name: "StructuredOutputError";
        };
        SubtaskPart: {
            agent: string;
            command?: string;
            description: string;
            id: string;
            messageID: string;
            model?: {
                modelID: string;
                providerID: string;
            };
            prompt: string;
            sessionID: string;
            /** @enum {string} */
            type: "subtask";
        };
        SubtaskPartInput: {
            agent: string;
            command?: string;
            description: string;
            id?: string;
            model?: {
                modelID: string;
                providerID: string;
            };
            prompt: string;
            /** @enum {string} */
            type: "subtask";
        };
        Symbol: {
            kind: number;
            location: {
                range: components["schemas"]["Range"];
                uri: string;
            };
            name: string;
        };
        SymbolSource: {
            kind: number;
            name: string;
            path: string;
            range: components["schemas"]["Range"];
            text: components["schemas"]["FilePartSourceText"];
            /** @enum {string} */
            type: "symbol";
        };
        SyncEventMessagePartRemoved: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    partID: string;
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "message.part.removed.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventMessagePartUpdated: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    part: components["schemas"]["Part"];
                    sessionID: string;
                    time: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "message.part.updated.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventMessageRemoved: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "message.removed.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventMessageUpdated: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    info: components["schemas"]["Message"];
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "message.updated.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionCreated: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.created.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionDeleted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.deleted.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextAgentSwitched: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    agent: string;
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.agent.switched.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextCompactionEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    /** @enum {string} */
                    reason: "auto" | "manual";
                    recent: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.compaction.ended.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextCompactionStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    /** @enum {string} */
                    reason: "auto" | "manual";
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.compaction.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextContextUpdated: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.context.updated.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextModelSwitched: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    model: components["schemas"]["ModelRef"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.model.switched.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextMoved: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    location: components["schemas"]["LocationRef"];
                    sessionID: string;
                    subdirectory?: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.moved.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextPromptAdmitted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    /** @enum {string} */
                    delivery: "steer" | "queue";
                    messageID: string;
                    prompt: components["schemas"]["Prompt"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.prompt.admitted.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextPrompted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    /** @enum {string} */
                    delivery: "steer" | "queue";
                    messageID: string;
                    prompt: components["schemas"]["Prompt"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.prompted.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextReasoningEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                    reasoningID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.reasoning.ended.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextReasoningStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    providerMetadata?: components["schemas"]["LLMProviderMetadata"];
                    reasoningID: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.reasoning.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextRetried: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    attempt: number;
                    error: components["schemas"]["SessionNextRetry_error"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.retried.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextRevertCleared: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.revert.cleared.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextRevertCommitted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.revert.committed.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextRevertStaged: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    revert: components["schemas"]["RevertState"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.revert.staged.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextShellEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    callID: string;
                    output: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.shell.ended.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextShellStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    callID: string;
                    command: string;
                    messageID: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.shell.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextStepEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    cost: number;
                    files?: string[];
                    finish: string;
                    sessionID: string;
                    snapshot?: string;
                    timestamp: number;
                    tokens: {
                        cache: {
                            read: number;
                            write: number;
                        };
                        input: number;
                        output: number;
                        reasoning: number;
                    };
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.step.ended.2";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextStepFailed: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    error: components["schemas"]["SessionErrorUnknown"];
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.step.failed.2";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextStepStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    agent: string;
                    assistantMessageID: string;
                    model: components["schemas"]["ModelRef"];
                    sessionID: string;
                    snapshot?: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.step.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextSynthetic: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    messageID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.synthetic.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextTextEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    sessionID: string;
                    text: string;
                    textID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.text.ended.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextTextStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    sessionID: string;
                    textID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.text.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolCalled: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    input: Record<string, unknown>;
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    sessionID: string;
                    timestamp: number;
                    tool: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.called.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolFailed: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    error: components["schemas"]["SessionErrorUnknown"];
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    result?: unknown;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.failed.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolInputEnded: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    sessionID: string;
                    text: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.input.ended.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolInputStarted: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    name: string;
                    sessionID: string;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.input.started.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolProgress: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    content: components["schemas"]["LLMToolContent"][];
                    sessionID: string;
                    structured: Record<string, unknown>;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.progress.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionNextToolSuccess: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    assistantMessageID: string;
                    callID: string;
                    content: components["schemas"]["LLMToolContent"][];
                    outputPaths?: string[];
                    provider: {
                        executed: boolean;
                        metadata?: components["schemas"]["LLMProviderMetadata"];
                    };
                    result?: unknown;
                    sessionID: string;
                    structured: Record<string, unknown>;
                    timestamp: number;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.next.tool.success.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        SyncEventSessionUpdated: {
            id: string;
            syncEvent: {
                aggregateID: string;
                data: {
                    info: components["schemas"]["Session"];
                    sessionID: string;
                };
                id: string;
                seq: number;
                /** @enum {string} */
                type: "session.updated.1";
            };
            /** @enum {string} */
            type: "sync";
        };
        TextPart: {
            id: string;
            ignored?: boolean;
            messageID: string;
            metadata?: Record<string, unknown>;
            sessionID: string;
            synthetic?: boolean;
            text: string;
            time?: {
                end?: number;
                start: number;
            };
            /** @enum {string} */
            type: "text";
        };
        TextPartInput: {
            id?: string;
            ignored?: boolean;
            metadata?: Record<string, unknown>;
            synthetic?: boolean;
            text: string;
            time?: {
                end?: number;
                start: number;
            };
            /** @enum {string} */
            type: "text";
        };
        Todo: {
            /** @description Brief description of the task */
            content: string;
            /** @description Priority level of the task: high, medium, low */
            priority: string;
            /** @description Current status of the task: pending, in_progress, completed, cancelled */
            status: string;
        };
        TodoUpdated: {
            data: {
                sessionID: string;
                todos: components["schemas"]["Todo"][];
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "todo.updated";
        };
        ToolFileContent: {
            mime: string;
            name?: string;
            /** @enum {string} */
            type: "file";
            uri: string;
        };
        ToolIDs: string[];
        ToolList: components["schemas"]["ToolListItem"][];
        ToolListItem: {
            description: string;
            id: string;
            parameters: unknown;
        };
        ToolPart: {
            callID: string;
            id: string;
            messageID: string;
            metadata?: Record<string, unknown>;
            sessionID: string;
            state: components["schemas"]["ToolState"];
            tool: string;
            /** @enum {string} */
            type: "tool";
        };
        ToolState: components["schemas"]["ToolStatePending"] | components["schemas"]["ToolStateRunning"] | components["schemas"]["ToolStateCompleted"] | components["schemas"]["ToolStateError"];
        ToolStateCompleted: {
            attachments?: components["schemas"]["FilePart"][];
            input: Record<string, unknown>;
            metadata: Record<string, unknown>;
            output: string;
            /** @enum {string} */
            status: "completed";
            time: {
                compacted?: number;
                end: number;
                start: number;
            };
            title: string;
        };
        ToolStateError: {
            error: string;
            input: Record<string, unknown>;
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            status: "error";
            time: {
                end: number;
                start: number;
            };
        };
        ToolStatePending: {
            input: Record<string, unknown>;
            raw: string;
            /** @enum {string} */
            status: "pending";
        };
        ToolStateRunning: {
            input: Record<string, unknown>;
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            status: "running";
            time: {
                start: number;
            };
            title?: string;
        };
        ToolTextContent: {
            text: string;
            /** @enum {string} */
            type: "text";
        };
        TuiCommandExecute: {
            data: {
                command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "tui.command.execute";
        };
        TuiPromptAppend: {
            data: {
                text: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "tui.prompt.append";
        };
        TuiSessionSelect: {
            data: {
                /** @description Session ID to navigate to */
                sessionID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "tui.session.select";
        };
        TuiToastShow: {
            data: {
                duration?: number;
                message: string;
                title?: string;
                /** @enum {string} */
                variant: "info" | "success" | "warning" | "error";
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "tui.toast.show";
        };
        UnauthorizedError: {
            /** @enum {string} */
            _tag: "UnauthorizedError";
            message: string;
        };
        UnknownError: {
            data: {
                message: string;
                ref?: string;
            };
            /** @enum {string} */
            name: "UnknownError";
        };
        UnknownError1: {
            /** @enum {string} */
            _tag: "UnknownError";
            message: string;
            ref?: string;
        };
        UserMessage: {
            agent: string;
            format?: components["schemas"]["OutputFormat"];
            id: string;
            model: {
                modelID: string;
                providerID: string;
                variant?: string;
            };
            /** @enum {string} */
            role: "user";
            sessionID: string;
            summary?: {
                body?: string;
                diffs: components["schemas"]["SnapshotFileDiff"][];
                title?: string;
            };
            system?: string;
            time: {
                created: number;
            };
            tools?: {
                [key: string]: boolean;
            };
        };
        V2Event: components["schemas"]["Models-devRefreshed"] | components["schemas"]["IntegrationUpdated"] | components["schemas"]["IntegrationConnectionUpdated"] | components["schemas"]["CatalogUpdated"] | components["schemas"]["SessionCreated"] | components["schemas"]["SessionUpdated"] | components["schemas"]["SessionDeleted"] | components["schemas"]["MessageUpdated"] | components["schemas"]["MessageRemoved"] | components["schemas"]["MessagePartUpdated"] | components["schemas"]["MessagePartRemoved"] | components["schemas"]["SessionNextAgentSwitched"] | components["schemas"]["SessionNextModelSwitched"] | components["schemas"]["SessionNextMoved"] | components["schemas"]["SessionNextPrompted"] | components["schemas"]["SessionNextPromptAdmitted"] | components["schemas"]["SessionNextContextUpdated"] | components["schemas"]["SessionNextSynthetic"] | components["schemas"]["SessionNextShellStarted"] | components["schemas"]["SessionNextShellEnded"] | components["schemas"]["SessionNextStepStarted"] | components["schemas"]["SessionNextStepEnded"] | components["schemas"]["SessionNextStepFailed"] | components["schemas"]["SessionNextTextStarted"] | components["schemas"]["SessionNextTextDelta"] | components["schemas"]["SessionNextTextEnded"] | components["schemas"]["SessionNextReasoningStarted"] | components["schemas"]["SessionNextReasoningDelta"] | components["schemas"]["SessionNextReasoningEnded"] | components["schemas"]["SessionNextToolInputStarted"] | components["schemas"]["SessionNextToolInputDelta"] | components["schemas"]["SessionNextToolInputEnded"] | components["schemas"]["SessionNextToolCalled"] | components["schemas"]["SessionNextToolProgress"] | components["schemas"]["SessionNextToolSuccess"] | components["schemas"]["SessionNextToolFailed"] | components["schemas"]["SessionNextRetried"] | components["schemas"]["SessionNextCompactionStarted"] | components["schemas"]["SessionNextCompactionDelta"] | components["schemas"]["SessionNextCompactionEnded"] | components["schemas"]["SessionNextRevertStaged"] | components["schemas"]["SessionNextRevertCleared"] | components["schemas"]["SessionNextRevertCommitted"] | components["schemas"]["MessagePartDelta"] | components["schemas"]["SessionDiff"] | components["schemas"]["SessionError"] | components["schemas"]["InstallationUpdated"] | components["schemas"]["InstallationUpdate-available"] | components["schemas"]["FileEdited"] | components["schemas"]["ReferenceUpdated"] | components["schemas"]["PermissionV2Asked"] | components["schemas"]["PermissionV2Replied"] | components["schemas"]["PluginAdded"] | components["schemas"]["ProjectDirectoriesUpdated"] | components["schemas"]["FileWatcherUpdated"] | components["schemas"]["PtyCreated"] | components["schemas"]["PtyUpdated"] | components["schemas"]["PtyExited"] | components["schemas"]["PtyDeleted"] | components["schemas"]["QuestionV2Asked"] | components["schemas"]["QuestionV2Replied"] | components["schemas"]["QuestionV2Rejected"] | components["schemas"]["TodoUpdated"] | components["schemas"]["LspUpdated"] | components["schemas"]["PermissionAsked"] | components["schemas"]["PermissionReplied"] | components["schemas"]["TuiPromptAppend"] | components["schemas"]["TuiCommandExecute"] | components["schemas"]["TuiToastShow"] | components["schemas"]["TuiSessionSelect"] | components["schemas"]["McpToolsChanged"] | components["schemas"]["McpBrowserOpenFailed"] | components["schemas"]["CommandExecuted"] | components["schemas"]["ProjectUpdated"] | components["schemas"]["session.status"] | components["schemas"]["SessionIdle"] | components["schemas"]["QuestionAsked"] | components["schemas"]["question.replied"] | components["schemas"]["question.rejected"] | components["schemas"]["SessionCompacted"] | components["schemas"]["VcsBranchUpdated"] | components["schemas"]["WorkspaceReady"] | components["schemas"]["WorkspaceFailed"] | components["schemas"]["WorkspaceStatus"] | components["schemas"]["WorktreeReady"] | components["schemas"]["WorktreeFailed"] | components["schemas"]["ServerConnected"] | components["schemas"]["GlobalDisposed"];
        V2EventStream: string;
        VcsApplyError: {
            data: {
                message: string;
                /** @enum {string} */
                reason: "non-git" | "not-clean";
            };
            /** @enum {string} */
            name: "VcsApplyError";
        };
        VcsBranchUpdated: {
            data: {
                branch?: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "vcs.branch.updated";
        };
        VcsFileDiff: {
            additions: number;
            deletions: number;
            file: string;
            patch?: string;
            /** @enum {string} */
            status?: "added" | "deleted" | "modified";
        };
        VcsFileStatus: {
            additions: number;
            deletions: number;
            file: string;
            /** @enum {string} */
            status: "added" | "deleted" | "modified";
        };
        VcsInfo: {
            branch?: string;
            default_branch?: string;
        };
        WellKnownAuth: {
            key: string;
            token: string;
            /** @enum {string} */
            type: "wellknown";
        };
        Workspace: {
            branch?: string | null;
            directory?: string | null;
            extra?: unknown | null;
            id: string;
            name: string;
            projectID: string;
            timeUsed: number;
            type: string;
        };
        WorkspaceCreateError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "WorkspaceCreateError";
        };
        WorkspaceEventConnectionStatus: {
            /** @enum {string} */
            status: "connected" | "connecting" | "disconnected" | "error";
            workspaceID: string;
        };
        WorkspaceFailed: {
            data: {
                message: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "workspace.failed";
        };
        WorkspaceReady: {
            data: {
                name: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "workspace.ready";
        };
        WorkspaceStatus: {
            data: {
                /** @enum {string} */
                status: "connected" | "connecting" | "disconnected" | "error";
                workspaceID: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "workspace.status";
        };
        WorkspaceWarpError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "WorkspaceWarpError";
        };
        Worktree: {
            branch?: string;
            directory: string;
            name: string;
        };
        WorktreeCreateInput: {
            name?: string;
            /** @description Additional startup script to run after the project's start command */
            startCommand?: string;
        };
        WorktreeError: {
            data: {
                message: string;
            };
            /** @enum {string} */
            name: "WorktreeNotGitError" | "WorktreeNameGenerationFailedError" | "WorktreeCreateFailedError" | "WorktreeStartCommandFailedError" | "WorktreeRemoveFailedError" | "WorktreeResetFailedError" | "WorktreeListFailedError";
        };
        WorktreeFailed: {
            data: {
                message: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "worktree.failed";
        };
        WorktreeReady: {
            data: {
                branch?: string;
                name: string;
            };
            durable?: {
                aggregateID: string;
                seq: number;
                version: number;
            };
            id: string;
            location?: components["schemas"]["LocationRef"];
            metadata?: Record<string, unknown>;
            /** @enum {string} */
            type: "worktree.ready";
        };
        WorktreeRemoveInput: {
            directory: string;
        };
        WorktreeResetInput: {
            directory: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "app.agents": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of agents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "v2.agent.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AgentV2Info"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.command.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CommandV2Info"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.credential.remove": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.credential.update": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    label: string;
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.event.subscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Event stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["V2Event"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.fs.find": {
        parameters: {
            query: {
                limit?: string;
                location?: {
                    directory?: string;
                    workspace?: string;
                };
                query: string;
                type?: "file" | "directory";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FileSystemEntry"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.fs.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
                path?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FileSystemEntry"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.fs.read": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.health.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        healthy: true;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["IntegrationInfo"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.get": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                integrationID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["IntegrationInfo"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.connect.key": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                integrationID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                    label?: string;
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.connect.oauth": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                integrationID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    inputs: {
                        [key: string]: string;
                    };
                    label?: string;
                    methodID: string;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["IntegrationAttempt"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.attempt.status": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                attemptID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["IntegrationAttemptStatus"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.attempt.cancel": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                attemptID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.integration.attempt.complete": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                attemptID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code?: string;
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.location.get": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Location.Info */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocationInfo"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.model.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ModelV2Info"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description ServiceUnavailableError */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUnavailableError"];
                };
            };
        };
    };
    "v2.permission.request.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PermissionV2Request"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.permission.saved.list": {
        parameters: {
            query?: {
                projectID?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PermissionSavedInfo"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.permission.saved.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.provider.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ProviderV2Info"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description ServiceUnavailableError */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUnavailableError"];
                };
            };
        };
    };
    "v2.provider.get": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                providerID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ProviderV2Info"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description ProviderNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderNotFoundError"];
                };
            };
            /** @description ServiceUnavailableError */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUnavailableError"];
                };
            };
        };
    };
    "v2.pty.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Pty"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.pty.create": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    args?: string[];
                    command?: string;
                    cwd?: string;
                    env?: {
                        [key: string]: string;
                    };
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Pty"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.pty.get": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Pty"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "v2.pty.update": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    size?: {
                        cols: number;
                        rows: number;
                    };
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Pty"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "v2.pty.remove": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "v2.pty.connect": {
        parameters: {
            query?: {
                cursor?: string;
                "location[directory]"?: string;
                "location[workspace]"?: string;
                ticket?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description ForbiddenError */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForbiddenError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "v2.pty.connectToken": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PtyTicketConnectToken"];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description ForbiddenError */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForbiddenError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "v2.question.request.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["QuestionV2Request"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.reference.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReferenceInfo"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.session.list": {
        parameters: {
            query?: {
                cursor?: string;
                directory?: string;
                limit?: number;
                order?: "asc" | "desc";
                project?: string;
                search?: string;
                subpath?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description SessionsResponse */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsResponse"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.session.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    agent?: string;
                    id?: string;
                    location?: components["schemas"]["LocationRef"];
                    model?: components["schemas"]["ModelRef"];
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionV2Info"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.session.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionV2Info"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.switchAgent": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    agent: string;
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.compact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description ServiceUnavailableError */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUnavailableError"];
                };
            };
        };
    };
    "v2.session.context": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMessage"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description UnknownError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnknownError1"];
                };
            };
        };
    };
    "v2.session.events": {
        parameters: {
            query?: {
                after?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data: components["schemas"]["SessionDurableEventStream"];
                        event: string;
                        id: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.history": {
        parameters: {
            query?: {
                after?: string;
                limit?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description SessionHistory */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionHistory"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.interrupt": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.messages": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description SessionMessagesResponse */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionMessagesResponse"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description UnknownError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnknownError1"];
                };
            };
        };
    };
    "v2.session.message": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                messageID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMessage"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError | MessageNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.switchModel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    model: components["schemas"]["ModelRef"];
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.permission.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PermissionV2Request"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.permission.create": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    action: string;
                    agent?: string;
                    id?: string;
                    metadata?: Record<string, unknown>;
                    resources: string[];
                    save?: string[];
                    source?: components["schemas"]["PermissionV2Source"];
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            effect: components["schemas"]["PermissionV2Effect"];
                            id: string;
                        };
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.permission.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                requestID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PermissionV2Request"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError | PermissionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.permission.reply": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                requestID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    message?: string;
                    reply: components["schemas"]["PermissionV2Reply"];
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError | PermissionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.prompt": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    delivery?: "steer" | "queue";
                    id?: string;
                    prompt: components["schemas"]["PromptInput"];
                    resume?: boolean;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionInputAdmitted"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description ConflictError */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictError"];
                };
            };
        };
    };
    "v2.session.question.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["QuestionV2Request"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.question.reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                requestID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError | QuestionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.question.reply": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                requestID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuestionV2Reply"];
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError | QuestionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.revert.clear": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description UnknownError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnknownError1"];
                };
            };
        };
    };
    "v2.session.revert.commit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
        };
    };
    "v2.session.revert.stage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    files?: boolean;
                    messageID: string;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RevertState"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description MessageNotFoundError | SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageNotFoundError"] | components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description UnknownError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnknownError1"];
                };
            };
        };
    };
    "v2.session.wait": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
            /** @description SessionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionNotFoundError"] | components["schemas"]["SessionNotFoundError"];
                };
            };
            /** @description ServiceUnavailableError */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUnavailableError"];
                };
            };
        };
    };
    "v2.session.active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            [key: string]: components["schemas"]["SessionActive"];
                        };
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "v2.skill.list": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SkillV2Info"][];
                        location: components["schemas"]["LocationInfo"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description UnauthorizedError */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnauthorizedError"];
                };
            };
        };
    };
    "auth.set": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                providerID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Auth"];
            };
        };
        responses: {
            /** @description Successfully set authentication credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "auth.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                providerID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully removed authentication credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "command.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of commands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "config.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get config info */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "config.update": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Config"];
            };
        };
        responses: {
            /** @description Successfully updated config */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "config.providers": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        default: {
                            [key: string]: string;
                        };
                        providers: components["schemas"]["Provider"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "event.subscribe": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Event stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
        };
    };
    "experimental.capabilities.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Experimental capabilities */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentalCapabilities"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.console.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Active Console provider metadata */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleState"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description InternalServerError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["effect_HttpApiError_InternalServerError"];
                };
            };
        };
    };
    "experimental.console.listOrgs": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Switchable Console orgs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        orgs: {
                            accountEmail: string;
                            accountID: string;
                            accountUrl: string;
                            active: boolean;
                            orgID: string;
                            orgName: string;
                        }[];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description InternalServerError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["effect_HttpApiError_InternalServerError"];
                };
            };
        };
    };
    "experimental.console.switchOrg": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    accountID: string;
                    orgID: string;
                };
            };
        };
        responses: {
            /** @description Switch success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    "experimental.controlPlane.moveSession": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    destination: components["schemas"]["MoveSessionDestination"];
                    moveChanges?: boolean;
                    sessionID: string;
                };
            };
        };
        responses: {
            /** @description Session moved */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "v2.projectCopy.create": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    directory: string;
                    name?: string;
                    strategy: string;
                };
            };
        };
        responses: {
            /** @description ProjectCopy.Copy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectCopyCopy"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "v2.projectCopy.remove": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    directory: string;
                    force: boolean;
                };
            };
        };
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.projectCopy.generateName": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    context?: string;
                };
            };
        };
        responses: {
            /** @description Success */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "v2.projectCopy.refresh": {
        parameters: {
            query?: {
                location?: {
                    directory?: string;
                    workspace?: string;
                };
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description <No Content> */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.resource.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP resources */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["McpResource"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.session.list": {
        parameters: {
            query?: {
                archived?: boolean | ("true" | "false");
                cursor?: number;
                directory?: string;
                limit?: number;
                roots?: boolean | ("true" | "false");
                search?: string;
                start?: number;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlobalSession"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.session.background": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Backgrounded subagents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tool.list": {
        parameters: {
            query: {
                directory?: string;
                model: string;
                provider: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolList"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tool.ids": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tool IDs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolIDs"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.create": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    branch?: string | null;
                    extra?: unknown | null;
                    id?: string;
                    type: string;
                };
            };
        };
        responses: {
            /** @description Workspace created */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.remove": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.adapter.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace adapters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        description: string;
                        name: string;
                        type: string;
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceEventConnectionStatus"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.syncList": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace list synced */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "experimental.workspace.warp": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    copyChanges?: boolean;
                    id: string | null;
                    sessionID: string;
                };
            };
        };
        responses: {
            /** @description Session warped */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "worktree.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of worktree directories */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "worktree.create": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorktreeCreateInput"];
            };
        };
        responses: {
            /** @description Worktree created */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worktree"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "worktree.remove": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorktreeRemoveInput"];
            };
        };
        responses: {
            /** @description Worktree removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "worktree.reset": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorktreeResetInput"];
            };
        };
        responses: {
            /** @description Worktree reset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "file.list": {
        parameters: {
            query: {
                directory?: string;
                path: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Files and directories */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileNode"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "file.read": {
        parameters: {
            query: {
                directory?: string;
                path: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description File content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileContent"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "file.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description File status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "find.text": {
        parameters: {
            query: {
                directory?: string;
                pattern: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Matches */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        absolute_offset: number;
                        line_number: number;
                        lines: {
                            text: string;
                        };
                        path: {
                            text: string;
                        };
                        submatches: {
                            end: number;
                            match: {
                                text: string;
                            };
                            start: number;
                        }[];
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "find.files": {
        parameters: {
            query: {
                directory?: string;
                dirs?: "true" | "false";
                limit?: number;
                query: string;
                type?: "file" | "directory";
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description File paths */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "find.symbols": {
        parameters: {
            query: {
                directory?: string;
                query: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Symbols */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Symbol"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "formatter.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Formatter status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormatterStatus"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.config.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get global config info */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.config.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Config"];
            };
        };
        responses: {
            /** @description Successfully updated global config */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.dispose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Global disposed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Event stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["GlobalEvent"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Health information */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        healthy: true;
                        version: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "global.upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    target: string;
                };
            };
        };
        responses: {
            /** @description Upgrade result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                        version: string;
                    } | {
                        error: string;
                        /** @enum {boolean} */
                        success: false;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "instance.dispose": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Instance disposed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "app.log": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    extra?: Record<string, unknown>;
                    /**
                     * @description Log level
                     * @enum {string}
                     */
                    level: "debug" | "info" | "error" | "warn";
                    /** @description Log message */
                    message: string;
                    /** @description Service name for the log entry */
                    service: string;
                };
            };
        };
        responses: {
            /** @description Log entry written successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "lsp.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description LSP server status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LSPStatus"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "mcp.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP server status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["MCPStatus"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "mcp.add": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    config: components["schemas"]["McpLocalConfig"] | components["schemas"]["McpRemoteConfig"];
                    name: string;
                };
            };
        };
        responses: {
            /** @description MCP server added successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["MCPStatus"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "mcp.auth.start": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OAuth flow started */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        authorizationUrl: string;
                        oauthState: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "mcp.auth.remove": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OAuth credentials removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        success: true;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "mcp.auth.authenticate": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OAuth authentication completed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MCPStatus"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "mcp.auth.callback": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    code: string;
                };
            };
        };
        responses: {
            /** @description OAuth authentication completed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MCPStatus"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "mcp.connect": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP server connected successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "mcp.disconnect": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP server disconnected successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description McpServerNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpServerNotFoundError"];
                };
            };
        };
    };
    "path.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Path */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Path"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "permission.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of pending permissions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionRequest"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "permission.reply": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                requestID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    message?: string;
                    /** @enum {string} */
                    reply: "once" | "always" | "reject";
                };
            };
        };
        responses: {
            /** @description Permission processed successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description PermissionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionNotFoundError"];
                };
            };
        };
    };
    "project.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of projects */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "project.update": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    commands?: components["schemas"]["ProjectCommands"];
                    icon?: components["schemas"]["ProjectIcon"];
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Updated project information */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description ProjectNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectNotFoundError"];
                };
            };
        };
    };
    "project.directories": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                projectID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Project directories */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDirectories"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "project.current": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Current project information */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "project.initGit": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Project information after git initialization */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "provider.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        all: components["schemas"]["Provider"][];
                        connected: string[];
                        default: {
                            [key: string]: string;
                        };
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "provider.oauth.authorize": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                providerID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    inputs?: {
                        [key: string]: string;
                    };
                    /** @description Auth method index */
                    method: number;
                };
            };
        };
        responses: {
            /** @description Authorization URL and method */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderAuthAuthorization"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "provider.oauth.callback": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                providerID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    code?: string;
                    /** @description Auth method index */
                    method: number;
                };
            };
        };
        responses: {
            /** @description OAuth callback processed successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "provider.auth": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Provider auth methods */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["ProviderAuthMethod"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "pty.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pty"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "pty.create": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    args?: string[];
                    command?: string;
                    cwd?: string;
                    env?: {
                        [key: string]: string;
                    };
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Created session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pty"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "pty.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Session info */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pty"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "pty.update": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    size?: {
                        cols: number;
                        rows: number;
                    };
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Updated session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pty"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "pty.remove": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Session removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "pty.connect": {
        parameters: {
            query?: {
                cursor?: string;
                directory?: string;
                ticket?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Connected session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["effect_HttpApiError_Forbidden"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "pty.connectToken": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                ptyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebSocket connect token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyTicketConnectToken"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description PtyForbiddenError */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyForbiddenError"];
                };
            };
            /** @description PtyNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PtyNotFoundError"];
                };
            };
        };
    };
    "pty.shells": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of shells */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        acceptable: boolean;
                        name: string;
                        path: string;
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "question.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of pending questions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionRequest"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "question.reject": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                requestID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Question rejected successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description QuestionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionNotFoundError"];
                };
            };
        };
    };
    "question.reply": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                requestID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description User answers in order of questions (each answer is an array of selected labels) */
                    answers: components["schemas"]["QuestionAnswer"][];
                };
            };
        };
        responses: {
            /** @description Question answered successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description QuestionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionNotFoundError"];
                };
            };
        };
    };
    "session.list": {
        parameters: {
            query?: {
                directory?: string;
                limit?: number;
                path?: string;
                roots?: boolean | ("true" | "false");
                scope?: "project";
                search?: string;
                start?: number;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "session.create": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    agent?: string;
                    metadata?: Record<string, unknown>;
                    model?: {
                        id: string;
                        providerID: string;
                        variant?: string;
                    };
                    parentID?: string;
                    permission?: components["schemas"]["PermissionRuleset"];
                    title?: string;
                    workspaceID?: string;
                };
            };
        };
        responses: {
            /** @description Successfully created session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "session.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.delete": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully deleted session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.update": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    metadata?: Record<string, unknown>;
                    permission?: components["schemas"]["PermissionRuleset"];
                    time?: {
                        archived?: number;
                    };
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Successfully updated session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.abort": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Aborted session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "session.children": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of children */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.command": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    agent?: string;
                    arguments: string;
                    command: string;
                    messageID?: string;
                    model?: string;
                    parts?: {
                        filename?: string;
                        id?: string;
                        mime: string;
                        source?: components["schemas"]["FilePartSource"];
                        /** @enum {string} */
                        type: "file";
                        url: string;
                    }[];
                    variant?: string;
                };
            };
        };
        responses: {
            /** @description Created message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        info: components["schemas"]["AssistantMessage"];
                        parts: components["schemas"]["Part"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.diff": {
        parameters: {
            query?: {
                directory?: string;
                messageID?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully retrieved diff */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotFileDiff"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "session.fork": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    messageID?: string;
                };
            };
        };
        responses: {
            /** @description 200 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.init": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    messageID: string;
                    modelID: string;
                    providerID: string;
                };
            };
        };
        responses: {
            /** @description 200 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.messages": {
        parameters: {
            query?: {
                before?: string;
                directory?: string;
                limit?: number;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        info: components["schemas"]["Message"];
                        parts: components["schemas"]["Part"][];
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.prompt": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    agent?: string;
                    format?: components["schemas"]["OutputFormat"];
                    messageID?: string;
                    model?: {
                        modelID: string;
                        providerID: string;
                    };
                    noReply?: boolean;
                    parts: (components["schemas"]["TextPartInput"] | components["schemas"]["FilePartInput"] | components["schemas"]["AgentPartInput"] | components["schemas"]["SubtaskPartInput"])[];
                    system?: string;
                    tools?: {
                        [key: string]: boolean;
                    };
                    variant?: string;
                };
            };
        };
        responses: {
            /** @description Created message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        info: components["schemas"]["AssistantMessage"];
                        parts: components["schemas"]["Part"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.message": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                messageID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        info: components["schemas"]["Message"];
                        parts: components["schemas"]["Part"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.deleteMessage": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                messageID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully deleted message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description SessionBusyError */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBusyError"];
                };
            };
        };
    };
    "part.delete": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                messageID: string;
                partID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully deleted part */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "part.update": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                messageID: string;
                partID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Part"];
            };
        };
        responses: {
            /** @description Successfully updated part */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Part"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "permission.respond": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                permissionID: string;
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    response: "once" | "always" | "reject";
                };
            };
        };
        responses: {
            /** @description Permission processed successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError | PermissionNotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"] | components["schemas"]["PermissionNotFoundError"];
                };
            };
        };
    };
    "session.prompt_async": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    agent?: string;
                    format?: components["schemas"]["OutputFormat"];
                    messageID?: string;
                    model?: {
                        modelID: string;
                        providerID: string;
                    };
                    noReply?: boolean;
                    parts: (components["schemas"]["TextPartInput"] | components["schemas"]["FilePartInput"] | components["schemas"]["AgentPartInput"] | components["schemas"]["SubtaskPartInput"])[];
                    system?: string;
                    tools?: {
                        [key: string]: boolean;
                    };
                    variant?: string;
                };
            };
        };
        responses: {
            /** @description Prompt accepted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.revert": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    messageID: string;
                    partID?: string;
                };
            };
        };
        responses: {
            /** @description Updated session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description SessionBusyError */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBusyError"];
                };
            };
        };
    };
    "session.share": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully shared session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description InternalServerError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["effect_HttpApiError_InternalServerError"];
                };
            };
        };
    };
    "session.unshare": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successfully unshared session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description InternalServerError */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["effect_HttpApiError_InternalServerError"];
                };
            };
        };
    };
    "session.shell": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    agent: string;
                    command: string;
                    messageID?: string;
                    model?: {
                        modelID: string;
                        providerID: string;
                    };
                };
            };
        };
        responses: {
            /** @description Created message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        info: components["schemas"]["Message"];
                        parts: components["schemas"]["Part"][];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description SessionBusyError */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBusyError"];
                };
            };
        };
    };
    "session.summarize": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    auto?: boolean;
                    modelID: string;
                    providerID: string;
                };
            };
        };
        responses: {
            /** @description Summarized session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.todo": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Todo list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Todo"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "session.unrevert": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path: {
                sessionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Updated session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
            /** @description SessionBusyError */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBusyError"];
                };
            };
        };
    };
    "session.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get session status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["SessionStatus"];
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "app.skills": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List of skills */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        content: string;
                        description?: string;
                        location: string;
                        name: string;
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "sync.history.list": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    [key: string]: number;
                };
            };
        };
        responses: {
            /** @description Sync events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        aggregate_id: string;
                        data: Record<string, unknown>;
                        id: string;
                        seq: number;
                        type: string;
                    }[];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "sync.replay": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    directory: string;
                    events: {
                        aggregateID: string;
                        data: Record<string, unknown>;
                        id: string;
                        seq: number;
                        type: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Replayed sync events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessionID: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "sync.start": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace sync started */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "sync.steal": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    sessionID: string;
                };
            };
        };
        responses: {
            /** @description Session stolen into workspace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessionID: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.appendPrompt": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description Prompt processed successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.clearPrompt": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prompt cleared successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.control.next": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Next TUI request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        body: unknown;
                        path: string;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.control.response": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Response submitted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.executeCommand": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    command: string;
                };
            };
        };
        responses: {
            /** @description Command executed successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.openHelp": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Help dialog opened successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.openModels": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Model dialog opened successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.openSessions": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Session dialog opened successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.openThemes": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Theme dialog opened successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.publish": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EventTuiPromptAppend"] | components["schemas"]["EventTuiCommandExecute"] | components["schemas"]["EventTuiToastShow"] | components["schemas"]["EventTuiSessionSelect"];
            };
        };
        responses: {
            /** @description Event published successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.selectSession": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Session ID to navigate to */
                    sessionID: string;
                };
            };
        };
        responses: {
            /** @description Session selected successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
            /** @description NotFoundError */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotFoundError"];
                };
            };
        };
    };
    "tui.showToast": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    duration?: number;
                    message: string;
                    title?: string;
                    /** @enum {string} */
                    variant: "info" | "success" | "warning" | "error";
                };
            };
        };
        responses: {
            /** @description Toast notification shown successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "tui.submitPrompt": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prompt submitted successfully */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "vcs.get": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description VCS info */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VcsInfo"];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "vcs.apply": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    patch: string;
                };
            };
        };
        responses: {
            /** @description VCS patch applied */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applied: boolean;
                    };
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "vcs.diff": {
        parameters: {
            query: {
                context?: number;
                directory?: string;
                mode: "git" | "branch";
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description VCS diff */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VcsFileDiff"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "vcs.diff.raw": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Raw VCS diff */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/x-diff; charset=utf-8": string;
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
    "vcs.status": {
        parameters: {
            query?: {
                directory?: string;
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description VCS status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VcsFileStatus"][];
                };
            };
            /** @description Bad request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadRequestError"] | components["schemas"]["effect_HttpApiError_BadRequest"] | components["schemas"]["InvalidRequestError"];
                };
            };
        };
    };
}
