{{- define "support-contract.name" -}}
{{ contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "support-contract.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "support-contract.labels" -}}
{{ include "support-contract.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "support-contract.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "support-contract.secret" -}}
{{ .Values.secret.existing | default (include "support-contract.name" .) }}
{{- end }}

{{- /* What cannot work is refused before anything is installed, with a sentence that says what to do. */}}
{{- define "support-contract.checked" -}}
{{- $processes := add .Values.receiver.replicas .Values.worker.replicas | int }}
{{- if and (eq .Values.database "sqlite") (gt $processes 1) }}
{{- fail (printf "SQLite serves one process, and receiver.replicas and worker.replicas ask for %d: set database to postgresql, or receiver.replicas to 1 and worker.replicas to 0." $processes) }}
{{- end }}
{{- if not .Values.jira.url }}
{{- fail "Where is Jira? Set jira.url to its address, such as https://your-site.atlassian.net." }}
{{- end }}
{{- if not .Values.secret.existing }}
{{- range $key := list "jira_token" "webhook_secrets" | concat (eq .Values.database "postgresql" | ternary (list "database_url") list) }}
{{- if not (get $.Values.secret.values $key) }}
{{- fail (printf "There is no %s: set secret.existing to the name of a Secret that has it, or secret.values.%s." $key $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (not .Values.mappings.volume) (not (.Files.Get "mappings/tiers.yaml")) }}
{{- fail "There are no mapping files: copy yours to the folder mappings/ of this chart, or set mappings.volume." }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}
{{- fail "Under which name does Jira reach the ingress? Set ingress.host." }}
{{- end }}
{{- end }}

{{- define "support-contract.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "support-contract.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "support-contract.environment" -}}
- name: JIRA_URL
  value: {{ .Values.jira.url | quote }}
{{- with .Values.jira.email }}
- name: JIRA_EMAIL
  value: {{ . | quote }}
{{- end }}
- name: JIRA_REQUESTS_PER_SECOND
  value: {{ .Values.jira.requestsPerSecond | quote }}
- name: MAPPINGS_DIR
  value: /etc/support-contract/mappings
- name: SECRETS_DIR
  value: /run/secrets/support-contract
{{- if .Values.jira.caConfigMap }}
- name: REQUESTS_CA_BUNDLE
  value: /etc/support-contract/authority/ca.crt
{{- end }}
{{- if eq .Values.database "sqlite" }}
- name: DATABASE_URL
  value: sqlite:////var/lib/support-contract/store.sqlite3
{{- end }}
{{- range $name, $value := .Values.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "support-contract.mounts" -}}
- name: secrets
  mountPath: /run/secrets/support-contract
  readOnly: true
- name: mappings
  mountPath: /etc/support-contract/mappings
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.jira.caConfigMap }}
- name: authority
  mountPath: /etc/support-contract/authority
  readOnly: true
{{- end }}
{{- end }}

{{- define "support-contract.volumes" -}}
- name: secrets
  secret:
    secretName: {{ include "support-contract.secret" . }}
    defaultMode: 0440
- name: mappings
{{- if .Values.mappings.volume }}
  {{- toYaml .Values.mappings.volume | nindent 2 }}
{{- else }}
  configMap:
    name: {{ include "support-contract.name" . }}-mappings
    # A key may have no slash in it: the files get their folders back here.
    items:
    {{- range $path, $_ := .Files.Glob "mappings/**" }}
      - key: {{ trimPrefix "mappings/" $path | replace "/" "__" }}
        path: {{ trimPrefix "mappings/" $path }}
    {{- end }}
{{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if .Values.jira.caConfigMap }}
- name: authority
  configMap:
    name: {{ .Values.jira.caConfigMap }}
{{- end }}
{{- end }}

{{- define "support-contract.probes" -}}
# The database may be migrated first, which takes its time.
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 15
  timeoutSeconds: 5
  failureThreshold: 4
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 10
  timeoutSeconds: 10
{{- end }}

{{- define "support-contract.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
