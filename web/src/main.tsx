// The start: take a link's token out of the address bar, choose a language, show the page.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchMaintenance } from './api/maintenance';
import { createQueryClient } from './api/query-client';
import { watchLinkTokens } from './features/account/link-token';
import { watchSession } from './features/account/queries';
import { startI18n } from './i18n/i18n';
import { createAppRouter } from './router';
import './styles/tokens.css';
import './styles/base.css';

watchLinkTokens();
startI18n();

const queryClient = createQueryClient();
watchSession(queryClient);
watchMaintenance(queryClient);

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');

createRoot(container).render(
  <StrictMode>
    {/* The content security policy forbids inline <style>; our own CSS does that work. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createAppRouter()} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
